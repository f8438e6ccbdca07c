package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.Compression;

/// The numbers by which a superblock names its compressor.
final class CompressorId {
  private static final int LZMA = 2;

  private CompressorId() {}

  static int of(Compression compression) {
    return switch (compression) {
      case GZIP -> 1;
      case LZO -> 3;
      case XZ -> 4;
      case LZ4 -> 5;
      case ZSTD -> 6;
    };
  }

  static Compression toCompression(int id, long offsetBytes) throws FormatException {
    for (Compression compression : Compression.values()) {
      if (of(compression) == id) {
        return compression;
      }
    }
    throw id == LZMA
        ? FormatException.unsupported(
            offsetBytes,
            "SquashFS compressor lzma, which Linux cannot read: expected gzip, lzo, xz, lz4 or zstd")
        : FormatException.malformed(
            offsetBytes, "SquashFS compressor %d: expected 1 to 6".formatted(id));
  }
}
