package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// What precedes each run of entries in a directory's listing, `struct squashfs_dir_header`. All
/// entries of a run have their inodes in one metadata block and their numbers near each other.
///
/// | offset | size | field                                                         |
/// |-------:|-----:|---------------------------------------------------------------|
/// |      0 |    4 | number of entries that follow, less one                       |
/// |      4 |    4 | metadata block of their inodes, from the inode table's start  |
/// |      8 |    4 | inode number from which theirs are counted                    |
record DirectoryHeader(int entries, long inodeBlockBytes, long inodeNumber) {
  static final int SIZE = 12;

  /// Linux refuses more.
  static final int MOST_ENTRIES = 256;

  void writeTo(ByteWriter writer) {
    writer.u32(entries - 1).u32(inodeBlockBytes).u32(inodeNumber);
  }

  static DirectoryHeader readFrom(ByteReader reader) throws FormatException {
    long entries = reader.u32() + 1;
    if (entries > MOST_ENTRIES) {
      throw FormatException.malformed(
          reader.offsetBytes() - 4,
          "SquashFS directory run of %d entries: expected at most %d"
              .formatted(entries, MOST_ENTRIES));
    }
    return new DirectoryHeader((int) entries, reader.u32(), reader.u32());
  }
}
