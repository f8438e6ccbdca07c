package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// What every inode begins with, `struct squashfs_base_inode`.
///
/// | offset | size | field                                          |
/// |-------:|-----:|------------------------------------------------|
/// |      0 |    2 | type, see [InodeType]                          |
/// |      2 |    2 | permissions, the low twelve bits of st_mode    |
/// |      4 |    2 | owner, an index into the id table              |
/// |      6 |    2 | group, an index into the id table              |
/// |      8 |    4 | time of last change, seconds since 1970        |
/// |     12 |    4 | inode number, from 1                           |
record InodeHeader(
    int type, int permissions, int userIndex, int groupIndex, long modifiedSeconds, long number) {
  static final int SIZE = 16;

  private static final int PERMISSIONS = 0_7777;

  InodeHeader withType(int changed) {
    return new InodeHeader(changed, permissions, userIndex, groupIndex, modifiedSeconds, number);
  }

  void writeTo(ByteWriter writer) {
    writer
        .u16(type)
        .u16(permissions)
        .u16(userIndex)
        .u16(groupIndex)
        .u32(modifiedSeconds)
        .u32(number);
  }

  /// Old versions of mksquashfs left the file type in the mode; it is dropped.
  static InodeHeader readFrom(ByteReader reader) throws FormatException {
    return new InodeHeader(
        reader.u16(),
        reader.u16() & PERMISSIONS,
        reader.u16(),
        reader.u16(),
        reader.u32(),
        reader.u32());
  }
}
