package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// What the superblock's xattr table offset points at, `struct squashfs_xattr_id_table`. The
/// offsets of the blocks of the xattr id table follow.
///
/// | offset | size | field                                       |
/// |-------:|-----:|---------------------------------------------|
/// |      0 |    8 | offset of the first block of keys           |
/// |      8 |    4 | number of sets, see [XattrSet]              |
/// |     12 |    4 | unused                                      |
record XattrTableHeader(long keysOffsetBytes, long sets) {
  static final int SIZE = 16;

  void writeTo(ByteWriter writer) {
    writer.u64(keysOffsetBytes).u32(sets).u32(0);
  }

  static XattrTableHeader readFrom(ByteReader reader) throws FormatException {
    XattrTableHeader header = new XattrTableHeader(reader.u64(), reader.u32());
    reader.skip(4);
    return header;
  }
}
