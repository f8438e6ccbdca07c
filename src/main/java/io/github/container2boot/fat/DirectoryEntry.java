package io.github.container2boot.fat;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// A file, a directory or the volume's label, in the directory it lies in (Microsoft FAT
/// Specification, section 6).
///
/// | offset | size | field |
/// |-------:|-----:|-------|
/// | 0 | 11 | short name |
/// | 11 | 1 | attributes |
/// | 12 | 1 | lower case, reserved by the specification |
/// | 13 | 1 | created, hundredths of a second |
/// | 14 | 2 | created, time |
/// | 16 | 2 | created, date |
/// | 18 | 2 | last accessed, date |
/// | 20 | 2 | first cluster, high half (FAT32) |
/// | 22 | 2 | modified, time |
/// | 24 | 2 | modified, date |
/// | 26 | 2 | first cluster, low half |
/// | 28 | 4 | size in bytes; 0 for a directory |
///
/// @param attributes of the constants below
/// @param lowerCase [#LOWER_CASE_BASE] and [#LOWER_CASE_EXTENSION], a habit of Windows NT; we write
///   long names instead
/// @param accessedDate date of the last access, without a time
/// @param modified the hundredths are not kept
/// @param firstCluster 0 where there is none: an empty file, or the root as a `..` names it
record DirectoryEntry(
    ShortName name,
    int attributes,
    int lowerCase,
    DosTimestamp created,
    int accessedDate,
    DosTimestamp modified,
    long firstCluster,
    long sizeBytes) {
  static final int SIZE = 32;

  static final int READ_ONLY = 0x01;
  static final int VOLUME_LABEL = 0x08;
  static final int DIRECTORY = 0x10;
  static final int ARCHIVE = 0x20;

  static final int LOWER_CASE_BASE = 0x08;
  static final int LOWER_CASE_EXTENSION = 0x10;

  /// The first byte of the first entry that was never used.
  static final byte END = 0;

  /// The first byte of an entry that was deleted.
  static final byte DELETED = (byte) 0xe5;

  static final int ATTRIBUTES_OFFSET = 11;

  /// An entry all of whose times are `modified`.
  static DirectoryEntry of(
      ShortName name, int attributes, DosTimestamp modified, long firstCluster, long sizeBytes) {
    return new DirectoryEntry(
        name, attributes, 0, modified, modified.date(), modified, firstCluster, sizeBytes);
  }

  boolean isDirectory() {
    return (attributes & DIRECTORY) != 0;
  }

  boolean isVolumeLabel() {
    return (attributes & VOLUME_LABEL) != 0;
  }

  /// The name where there is no long one.
  String shownName() {
    return name.shown((lowerCase & LOWER_CASE_BASE) != 0, (lowerCase & LOWER_CASE_EXTENSION) != 0);
  }

  void writeTo(ByteWriter target) {
    name.writeTo(target);
    target.u8(attributes).u8(lowerCase).u8(created.hundredths()).u16(created.time());
    target.u16(created.date()).u16(accessedDate).u16((int) (firstCluster >> 16));
    target.u16(modified.time()).u16(modified.date()).u16((int) (firstCluster & 0xffff));
    target.u32(sizeBytes);
  }

  static DirectoryEntry readFrom(ByteReader source) throws FormatException {
    ShortName name = ShortName.readFrom(source);
    int attributes = source.u8();
    int lowerCase = source.u8();
    int createdHundredths = source.u8();
    int createdTime = source.u16();
    DosTimestamp created = new DosTimestamp(source.u16(), createdTime, createdHundredths);
    int accessedDate = source.u16();
    long firstClusterHigh = source.u16();
    int modifiedTime = source.u16();
    DosTimestamp modified = new DosTimestamp(source.u16(), modifiedTime, 0);
    long firstCluster = firstClusterHigh << 16 | source.u16();
    return new DirectoryEntry(
        name, attributes, lowerCase, created, accessedDate, modified, firstCluster, source.u32());
  }
}
