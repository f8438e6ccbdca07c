package io.github.container2boot.fat;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// The volume's serial number and names (Microsoft FAT Specification, sections 3.2 and 3.3).
/// Offsets count from its beginning: byte 36 of the boot sector, 64 for FAT32.
///
/// | offset | size | field |
/// |-------:|-----:|-------|
/// | 0 | 1 | drive number: 0x80 |
/// | 1 | 1 | reserved |
/// | 2 | 1 | signature 0x29: the next three fields are there |
/// | 3 | 4 | volume id |
/// | 7 | 11 | volume label |
/// | 18 | 8 | "FAT12   ", "FAT16   " or "FAT32   " |
///
/// @param present whether the signature says that the other fields mean something
record ExtendedBootRecord(boolean present, long volumeId, VolumeLabel label, ByteString typeName) {
  static final int SIZE = 26;

  private static final int FIRST_HARD_DISK = 0x80;
  private static final int SIGNATURE = 0x29;
  private static final int TYPE_NAME_SIZE = 8;

  void writeTo(ByteWriter target) {
    target.u8(FIRST_HARD_DISK).u8(0).u8(present ? SIGNATURE : 0).u32(volumeId);
    target.bytes(label.bytes()).bytes(typeName);
  }

  static ExtendedBootRecord readFrom(ByteReader source) throws FormatException {
    source.skip(2);
    return new ExtendedBootRecord(
        source.u8() == SIGNATURE,
        source.u32(),
        new VolumeLabel(source.byteString(VolumeLabel.SIZE)),
        source.byteString(TYPE_NAME_SIZE));
  }
}
