package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// A name in a directory's listing, `struct squashfs_dir_entry`.
///
/// | offset | size | field                                                     |
/// |-------:|-----:|-----------------------------------------------------------|
/// |      0 |    2 | offset of the inode in its uncompressed metadata block    |
/// |      2 |    2 | inode number, signed, from the one in the header          |
/// |      4 |    2 | basic type of the inode                                   |
/// |      6 |    2 | size of the name, less one                                |
/// |      8 |      | the name, without NUL                                     |
record DirectoryEntry(int inodeOffsetBytes, int numberDifference, int type, ByteString name) {
  static final int SIZE_BEFORE_NAME = 8;

  int sizeBytes() {
    return SIZE_BEFORE_NAME + name.size();
  }

  void writeTo(ByteWriter writer) {
    writer.u16(inodeOffsetBytes).i16(numberDifference).u16(type).u16(name.size() - 1).bytes(name);
  }

  static DirectoryEntry readFrom(ByteReader reader) throws FormatException {
    int inodeOffset = reader.u16();
    int numberDifference = reader.i16();
    int type = reader.u16();
    return new DirectoryEntry(
        inodeOffset, numberDifference, type, reader.byteString(reader.u16() + 1));
  }
}
