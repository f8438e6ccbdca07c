package io.github.container2boot.fat;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// What FAT32 adds to the volume's shape (Microsoft FAT Specification, section 3.3). Offsets count
/// from the beginning of the boot sector.
///
/// | offset | size | field |
/// |-------:|-----:|-------|
/// | 36 | 4 | sectors of a table |
/// | 40 | 2 | flags: bit 7 set, only the table in bits 0–3 is kept up |
/// | 42 | 2 | version: 0.0 |
/// | 44 | 4 | first cluster of the root directory |
/// | 48 | 2 | sector of the FSInfo structure |
/// | 50 | 2 | sector of the boot sector's copy |
/// | 52 | 12 | reserved |
record Fat32Parameters(
    long tableSectors,
    int flags,
    int version,
    long rootCluster,
    int informationSector,
    int backupSector) {
  static final int SIZE = 28;

  private static final int ONE_TABLE_ONLY = 0x80;

  /// Which table is kept up to date.
  int activeTable() {
    return (flags & ONE_TABLE_ONLY) == 0 ? 0 : flags & 0xf;
  }

  void writeTo(ByteWriter target) {
    target.u32(tableSectors).u16(flags).u16(version).u32(rootCluster);
    target.u16(informationSector).u16(backupSector).zeros(12);
  }

  static Fat32Parameters readFrom(ByteReader source) throws FormatException {
    Fat32Parameters parameters =
        new Fat32Parameters(
            source.u32(), source.u16(), source.u16(), source.u32(), source.u16(), source.u16());
    source.skip(12);
    return parameters;
  }
}
