package io.github.container2boot.fat;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// The volume's shape, as all FAT types tell it (Microsoft FAT Specification, section 3.1). Offsets
/// count from the beginning of the boot sector.
///
/// | offset | size | field |
/// |-------:|-----:|-------|
/// | 11 | 2 | bytes of a sector |
/// | 13 | 1 | sectors of a cluster |
/// | 14 | 2 | reserved sectors |
/// | 16 | 1 | number of tables |
/// | 17 | 2 | entries of the root directory (FAT12, FAT16) |
/// | 19 | 2 | sectors of the volume, or 0 |
/// | 21 | 1 | media |
/// | 22 | 2 | sectors of a table (FAT12, FAT16), or 0 |
/// | 24 | 2 | sectors of a track |
/// | 26 | 2 | heads |
/// | 28 | 4 | sectors before the volume |
/// | 32 | 4 | sectors of the volume, where 16 bits do not hold them |
///
/// @param tableSectors sectors of a table, 0 for FAT32
/// @param totalSectors sectors of the volume, from whichever field has them
record BiosParameterBlock(
    int sectorSizeBytes,
    int sectorsPerCluster,
    int reservedSectors,
    int tables,
    int rootEntries,
    long totalSectors,
    int media,
    int tableSectors,
    int sectorsPerTrack,
    int heads,
    long hiddenSectors) {
  static final int SIZE = 25;

  /// A disk that is not a floppy.
  static final int FIXED_MEDIA = 0xf8;

  /// The numbers every BIOS invents for a disk that has no tracks.
  static final int SECTORS_PER_TRACK = 63;

  static final int HEADS = 255;

  void writeTo(ByteWriter target) {
    boolean narrow = tableSectors != 0 && totalSectors <= 0xffff;
    target.u16(sectorSizeBytes).u8(sectorsPerCluster).u16(reservedSectors).u8(tables);
    target.u16(rootEntries).u16(narrow ? (int) totalSectors : 0).u8(media).u16(tableSectors);
    target.u16(sectorsPerTrack).u16(heads).u32(hiddenSectors);
    target.u32(narrow ? 0 : totalSectors);
  }

  static BiosParameterBlock readFrom(ByteReader source) throws FormatException {
    int sectorSizeBytes = source.u16();
    int sectorsPerCluster = source.u8();
    int reservedSectors = source.u16();
    int tables = source.u8();
    int rootEntries = source.u16();
    long totalSectors = source.u16();
    int media = source.u8();
    int tableSectors = source.u16();
    int sectorsPerTrack = source.u16();
    int heads = source.u16();
    long hiddenSectors = source.u32();
    long totalSectorsWide = source.u32();
    return new BiosParameterBlock(
        sectorSizeBytes,
        sectorsPerCluster,
        reservedSectors,
        tables,
        rootEntries,
        totalSectors == 0 ? totalSectorsWide : totalSectors,
        media,
        tableSectors,
        sectorsPerTrack,
        heads,
        hiddenSectors);
  }
}
