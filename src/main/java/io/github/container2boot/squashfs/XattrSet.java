package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// A set of extended attributes in the xattr id table, `struct squashfs_xattr_id`. Inodes with the
/// same attributes share one.
///
/// | offset | size | field                                               |
/// |-------:|-----:|-----------------------------------------------------|
/// |      0 |    8 | reference to the first key, within the keys' blocks |
/// |      8 |    4 | number of attributes                                |
/// |     12 |    4 | size of all keys and values in bytes                |
record XattrSet(MetadataReference first, long count, long sizeBytes) {
  static final int SIZE = 16;

  void writeTo(ByteWriter writer) {
    writer.u64(first.packed()).u32(count).u32(sizeBytes);
  }

  static XattrSet readFrom(ByteReader reader) throws FormatException {
    return new XattrSet(MetadataReference.unpack(reader.u64()), reader.u32(), reader.u32());
  }
}
