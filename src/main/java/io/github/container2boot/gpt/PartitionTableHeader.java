package io.github.container2boot.gpt;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/// The header of a GUID partition table (UEFI Specification 2.10, section 5.3.2).
///
/// | offset | size | field |
/// |-------:|-----:|-------|
/// | 0 | 8 | "EFI PART" |
/// | 8 | 4 | revision: 1.0 |
/// | 12 | 4 | size of this header: 92 |
/// | 16 | 4 | CRC32 of this header, taken with zero here |
/// | 20 | 4 | reserved |
/// | 24 | 8 | sector this header lies in |
/// | 32 | 8 | sector the other header lies in |
/// | 40 | 8 | first sector that partitions may use |
/// | 48 | 8 | last sector that partitions may use |
/// | 56 | 16 | identifier of the disk |
/// | 72 | 8 | first sector of the entries |
/// | 80 | 4 | number of entries |
/// | 84 | 4 | size of an entry |
/// | 88 | 4 | CRC32 of all entries |
///
/// @param entriesChecksum CRC32 of all entries, the unused ones included
record PartitionTableHeader(
    long ownSector,
    long alternateSector,
    long firstUsableSector,
    long lastUsableSector,
    Guid diskId,
    long entriesSector,
    long entryCount,
    long entrySizeBytes,
    long entriesChecksum) {
  static final int SIZE = 92;

  /// "EFI PART", little-endian.
  static final long SIGNATURE = 0x5452_4150_2049_4645L;

  private static final long REVISION = 0x0001_0000L;
  private static final int CHECKSUM_OFFSET = 16;

  void writeTo(ByteWriter target) {
    target.bytes(withChecksum(0, checksum(withChecksum(0, 0).asByteBuffer())).asByteBuffer());
  }

  private ByteWriter withChecksum(int reserved, long checksum) {
    ByteWriter target = ByteWriter.littleEndian(SIZE);
    target.i64(SIGNATURE).u32(REVISION).u32(SIZE).u32(checksum).u32(reserved);
    target.u64(ownSector).u64(alternateSector).u64(firstUsableSector).u64(lastUsableSector);
    diskId.writeTo(target);
    target.u64(entriesSector).u32(entryCount).u32(entrySizeBytes).u32(entriesChecksum);
    return target;
  }

  /// Reads a header from its sector, which `source` holds from its beginning.
  ///
  /// @throws FormatException if it is none, or its checksum says that it is damaged
  static PartitionTableHeader readFrom(ByteReader source) throws FormatException {
    long offset = source.offsetBytes();
    ByteBuffer sector = source.slice(source.remaining());
    ByteReader fields = ByteReader.littleEndian(sector, offset);
    requireSignature(offset, fields.i64());
    requireRevision(fields.offsetBytes(), fields.u32());
    requireSize(fields.offsetBytes(), fields.u32(), sector.remaining());
    requireChecksum(offset, sector);
    fields.skip(8);
    return new PartitionTableHeader(
        fields.u64(),
        fields.u64(),
        fields.u64(),
        fields.u64(),
        Guid.readFrom(fields),
        fields.u64(),
        fields.u32(),
        fields.u32(),
        fields.u32());
  }

  private static void requireSignature(long offset, long found) throws FormatException {
    if (found != SIGNATURE) {
      throw FormatException.malformed(
          offset,
          "no GUID partition table: expected signature 0x%016x, found 0x%016x"
              .formatted(SIGNATURE, found));
    }
  }

  /// What comes after 1.0 may add fields, not change them, as long as the first number is the same.
  private static void requireRevision(long offset, long found) throws FormatException {
    if (found >>> 16 != REVISION >>> 16) {
      throw FormatException.unsupported(
          offset,
          "GUID partition table of revision %d.%d: expected 1.0"
              .formatted(found >>> 16, found & 0xffff));
    }
  }

  private static void requireSize(long offset, long found, int sectorSizeBytes)
      throws FormatException {
    if (found < SIZE || found > sectorSizeBytes) {
      throw FormatException.malformed(
          offset,
          "size of the GPT header: expected %d to %d, found %d"
              .formatted(SIZE, sectorSizeBytes, found));
    }
  }

  private static void requireChecksum(long offset, ByteBuffer sector) throws FormatException {
    int size = sector.getInt(12);
    long stored = Integer.toUnsignedLong(sector.getInt(CHECKSUM_OFFSET));
    ByteBuffer header = ByteBuffer.allocate(size).put(sector.slice(0, size));
    header.putInt(CHECKSUM_OFFSET, 0);
    long computed = checksum(header.flip());
    if (stored != computed) {
      throw FormatException.malformed(
          offset + CHECKSUM_OFFSET,
          "CRC32 of the GPT header: expected 0x%08x, found 0x%08x".formatted(computed, stored));
    }
  }

  static long checksum(ByteBuffer bytes) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    return checksum.getValue();
  }
}
