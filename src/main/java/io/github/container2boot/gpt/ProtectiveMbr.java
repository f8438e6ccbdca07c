package io.github.container2boot.gpt;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// The first sector of a disk with a GUID partition table: to systems that do not know GPT, a disk
/// full of something they do not know (UEFI Specification 2.10, section 5.2.3).
///
/// | offset | size | field |
/// |-------:|-----:|-------|
/// | 0 | 446 | code and disk signature: zeros |
/// | 446 | 1 | not bootable: 0 |
/// | 447 | 3 | first sector as cylinder, head, sector: 0/0/2 |
/// | 450 | 1 | type: 0xEE, GPT protective |
/// | 451 | 3 | last sector as cylinder, head, sector, or FF FF FF |
/// | 454 | 4 | first sector: 1 |
/// | 458 | 4 | sectors, or FF FF FF FF |
/// | 462 | 48 | three unused entries: zeros |
/// | 510 | 2 | 55 AA |
///
/// @param diskSectors of the whole disk
record ProtectiveMbr(long diskSectors) {
  static final int SIZE = 512;

  private static final int CODE_SIZE = 446;
  private static final int ENTRY_SIZE = 16;
  private static final int ENTRIES = 4;
  private static final int GPT_PROTECTIVE = 0xee;
  private static final int SIGNATURE = 0xaa55;
  private static final long MOST_SECTORS = 0xffff_ffffL;

  private static final int HEADS = 255;
  private static final int SECTORS_PER_TRACK = 63;
  private static final int CYLINDERS = 1024;

  void writeTo(ByteWriter target) {
    target.zeros(CODE_SIZE).u8(0);
    writeAddress(target, 1);
    target.u8(GPT_PROTECTIVE);
    writeAddress(target, diskSectors - 1);
    target.u32(1).u32(Math.min(diskSectors - 1, MOST_SECTORS));
    target.zeros((ENTRIES - 1) * ENTRY_SIZE).u16(SIGNATURE);
  }

  /// The specification fixes the first address at 0/0/2 and so the geometry that BIOSes invent.
  private static void writeAddress(ByteWriter target, long sector) {
    long cylinder = sector / SECTORS_PER_TRACK / HEADS;
    if (cylinder >= CYLINDERS) {
      target.u8(0xff).u8(0xff).u8(0xff);
      return;
    }
    int head = (int) (sector / SECTORS_PER_TRACK % HEADS);
    int sectorOfTrack = (int) (sector % SECTORS_PER_TRACK) + 1;
    target.u8(head).u8((int) (cylinder >> 8 << 6) | sectorOfTrack).u8((int) (cylinder & 0xff));
  }

  /// Requires a protective entry among the four. Others may stand beside it: images for USB sticks
  /// and CDs alike have them.
  ///
  /// @throws FormatException if there is none
  static void require(ByteReader source) throws FormatException {
    long begin = source.offsetBytes();
    source.skip(CODE_SIZE);
    boolean found = false;
    for (int entry = 0; entry < ENTRIES; entry++) {
      source.skip(4);
      found |= source.u8() == GPT_PROTECTIVE;
      source.skip(11);
    }
    if (source.u16() != SIGNATURE || !found) {
      throw FormatException.malformed(
          begin + CODE_SIZE, "no protective MBR: expected an entry of type 0xee and 55 AA");
    }
  }
}
