package io.github.container2boot.cpio;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.tree.Attributes;

/// One name in an archive.
///
/// @param name as it stands there, without its NUL: `usr/lib/os-release`, also `./init` or `.`
/// @param type what kind of file it is
/// @param attributes permissions, owner and time; cpio has no extended attributes
/// @param inode which file it names; see [InodeNumber]
/// @param links how many names the file has
/// @param sizeBytes size of the data that lies with this name: with hard links, 0 for all but one;
///   for a symbolic link, of its target
/// @param linkTarget of a symbolic link; otherwise empty
/// @param deviceMajor of a device node; otherwise meaningless
/// @param deviceMinor of a device node; otherwise meaningless
/// @param offsetBytes where its header lies in the input
public record CpioEntry(
    ByteString name,
    Type type,
    Attributes attributes,
    InodeNumber inode,
    long links,
    long sizeBytes,
    ByteString linkTarget,
    long deviceMajor,
    long deviceMinor,
    long offsetBytes) {

  /// The type bits of st_mode.
  public enum Type {
    FILE,
    DIRECTORY,
    SYMBOLIC_LINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    FIFO,
    SOCKET
  }

  /// Two entries with the same one, more than one link and no directory are one file.
  ///
  /// @param archive which of the concatenated archives it is in, from 0: numbers mean nothing
  ///   beyond theirs
  /// @param deviceMajor of the file system it came from
  /// @param deviceMinor of the file system it came from
  /// @param number of the inode there
  public record InodeNumber(int archive, long deviceMajor, long deviceMinor, long number) {}
}
