package io.github.container2boot.fat;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// FAT32's note of how much is free, FSInfo (Microsoft FAT Specification, section 5). It takes the
/// first 512 bytes of its sector.
///
/// | offset | size | field |
/// |-------:|-----:|-------|
/// | 0 | 4 | "RRaA" |
/// | 4 | 480 | reserved |
/// | 484 | 4 | "rrAa" |
/// | 488 | 4 | free clusters |
/// | 492 | 4 | where to look for a free cluster |
/// | 496 | 12 | reserved |
/// | 508 | 4 | 00 00 55 AA |
///
/// @param freeClusters how many, [#UNKNOWN] where nobody counted
/// @param nextFreeCluster the first free cluster, [#UNKNOWN] where there is none
record FileSystemInformation(long freeClusters, long nextFreeCluster) {
  static final int SIZE = 512;
  static final long UNKNOWN = 0xffff_ffffL;

  private static final long LEAD_SIGNATURE = 0x4161_5252L;
  private static final long STRUCTURE_SIGNATURE = 0x6141_7272L;
  private static final long TRAIL_SIGNATURE = 0xaa55_0000L;

  void writeTo(ByteWriter target) {
    target.u32(LEAD_SIGNATURE).zeros(480);
    target.u32(STRUCTURE_SIGNATURE).u32(freeClusters).u32(nextFreeCluster);
    target.zeros(12).u32(TRAIL_SIGNATURE);
  }

  static FileSystemInformation readFrom(ByteReader source) throws FormatException {
    requireSignature(source, LEAD_SIGNATURE);
    source.skip(480);
    requireSignature(source, STRUCTURE_SIGNATURE);
    FileSystemInformation information = new FileSystemInformation(source.u32(), source.u32());
    source.skip(12);
    requireSignature(source, TRAIL_SIGNATURE);
    return information;
  }

  private static void requireSignature(ByteReader source, long expected) throws FormatException {
    long offset = source.offsetBytes();
    long found = source.u32();
    if (found != expected) {
      throw FormatException.malformed(
          offset, "FSInfo signature: expected 0x%08x, found 0x%08x".formatted(expected, found));
    }
  }
}
