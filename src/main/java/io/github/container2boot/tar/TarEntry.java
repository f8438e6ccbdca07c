package io.github.container2boot.tar;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.tree.Attributes;

/// One entry of an archive, all its headers put together.
///
/// @param path as written, with whatever slashes and dots; never with a NUL
/// @param type what it is
/// @param attributes permissions, owner, time and extended attributes
/// @param linkTarget where a link leads, for a hard link a path as `path`; empty for others
/// @param sizeBytes how long the file is, its holes included; for a hard link the data it repeats,
///   mostly 0; 0 for others
/// @param deviceMajor of a device, else 0
/// @param deviceMinor of a device, else 0
/// @param headerOffsetBytes where in the archive its last header begins, for error messages
/// @param dataOffsetBytes where in the archive its data begins
/// @param sparse whether the data lies there with its holes taken out
public record TarEntry(
    ByteString path,
    Type type,
    Attributes attributes,
    ByteString linkTarget,
    long sizeBytes,
    long deviceMajor,
    long deviceMinor,
    long headerOffsetBytes,
    long dataOffsetBytes,
    boolean sparse) {

  /// The types of entries. There are no sockets in archives.
  public enum Type {
    FILE,
    HARD_LINK,
    SYMBOLIC_LINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    DIRECTORY,
    FIFO
  }
}
