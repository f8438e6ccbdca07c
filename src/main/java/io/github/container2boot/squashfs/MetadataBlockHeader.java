package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// What precedes a metadata block: 16 bits, of which the highest says that the block is *not*
/// compressed and the others how many bytes follow.
///
/// Linux reads 0x8000 as a compressed block of 32768 bytes, left from version 1. No block is that
/// large, so it is malformed here.
record MetadataBlockHeader(int storedBytes, boolean compressed) {
  static final int SIZE = 2;

  /// How much a metadata block holds when uncompressed; only the last of a table holds less.
  static final int BLOCK_BYTES = 8192;

  private static final int UNCOMPRESSED = 0x8000;

  void writeTo(ByteWriter writer) {
    writer.u16(compressed ? storedBytes : storedBytes | UNCOMPRESSED);
  }

  static MetadataBlockHeader readFrom(ByteReader reader) throws FormatException {
    int word = reader.u16();
    int storedBytes = word & ~UNCOMPRESSED;
    if (storedBytes == 0 || storedBytes > BLOCK_BYTES) {
      throw FormatException.malformed(
          reader.offsetBytes() - SIZE,
          "SquashFS metadata block of %d bytes: expected 1 to %d"
              .formatted(storedBytes, BLOCK_BYTES));
    }
    return new MetadataBlockHeader(storedBytes, (word & UNCOMPRESSED) == 0);
  }
}
