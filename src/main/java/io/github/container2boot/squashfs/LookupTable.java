package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.BlockDecompressor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A table of records of the same size, found by their numbers: metadata blocks, and an index with
/// the offset of each. Fragments, ids and sets of xattrs are kept so.
final class LookupTable {
  private static final long MOST_RECORDS = 1L << 28;

  private LookupTable() {}

  /// Reads one record.
  @FunctionalInterface
  interface RecordReader<T> {
    T read(ByteReader reader) throws FormatException;
  }

  /// @param records the table's content
  /// @param startBytes where its first metadata block is
  record Read<T>(List<T> records, long startBytes) {}

  /// Reads `count` records of `sizeBytes` each.
  ///
  /// @param indexOffsetBytes where the offsets of the blocks are
  static <T> Read<T> read(
      String name,
      ImageBytes image,
      long indexOffsetBytes,
      long count,
      int sizeBytes,
      BlockDecompressor decompressor,
      RecordReader<T> recordReader)
      throws IOException {
    int perBlock = MetadataBlockHeader.BLOCK_BYTES / sizeBytes;
    long blocks = (count + perBlock - 1) / perBlock;
    image.requireInside(name + " index", indexOffsetBytes, blocks * Long.BYTES);
    requireCount(name, count, indexOffsetBytes);
    image.spendMemory(name, count * (sizeBytes + 32L));
    ByteReader index = image.read(name, indexOffsetBytes, Math.toIntExact(blocks * Long.BYTES));
    List<T> records = new ArrayList<>(Math.toIntExact(count));
    long start = indexOffsetBytes;
    for (long left = count; left > 0; left -= perBlock) {
      long block = index.u64();
      start = Math.min(start, block);
      ByteReader reader = MetadataTable.readBlock(name, image, block, decompressor);
      for (long record = Math.min(left, perBlock); record > 0; record--) {
        records.add(recordReader.read(reader));
      }
    }
    return new Read<>(records, start);
  }

  private static void requireCount(String name, long count, long offsetBytes)
      throws FormatException {
    if (count > MOST_RECORDS) {
      throw FormatException.unsupported(
          offsetBytes,
          "SquashFS %s of %d records: expected at most %d".formatted(name, count, MOST_RECORDS));
    }
  }
}
