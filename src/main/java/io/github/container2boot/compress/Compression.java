package io.github.container2boot.compress;

import java.util.Arrays;
import java.util.stream.Collectors;

/// The compressors a SquashFS image can have, each with the levels it knows.
///
/// Levels and defaults are those of `mksquashfs`, with two exceptions: zstd is level 6 instead of
/// 15, which takes many times as long to save 2 % more, and gzip goes to 12, as libdeflate does
/// (the stream is an ordinary one).
public enum Compression {
  /// A zlib stream (RFC 1950) per block.
  GZIP("gzip", 1, 12, 9),
  /// One Zstandard frame (RFC 8878) per block, with its content size and without a checksum.
  ZSTD("zstd", 1, 22, 6),
  /// One .xz stream per block, with a CRC32 and a dictionary as large as the block.
  XZ("xz", 0, 9, 6),
  /// One LZ4 block without a frame. Level 1 is the fast mode, 2 to 12 are LZ4's high compression
  /// (`mksquashfs -Xhc` is 12).
  LZ4("lz4", 1, 12, 1),
  /// One LZO1X block, compressed as LZO1X-1, which has no levels.
  LZO("lzo", 1, 1, 1);

  private final String shownName;
  private final int lowestLevel;
  private final int highestLevel;
  private final int defaultLevel;

  Compression(String shownName, int lowestLevel, int highestLevel, int defaultLevel) {
    this.shownName = shownName;
    this.lowestLevel = lowestLevel;
    this.highestLevel = highestLevel;
    this.defaultLevel = defaultLevel;
  }

  /// The compressor called `name`, as `mksquashfs -comp` calls it.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Compression parse(String name) {
    return Arrays.stream(values())
        .filter(compression -> compression.shownName.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unknown compressor '%s': expected one of %s".formatted(name, knownNames())));
  }

  public int lowestLevel() {
    return lowestLevel;
  }

  public int highestLevel() {
    return highestLevel;
  }

  public int defaultLevel() {
    return defaultLevel;
  }

  /// A compressor for blocks of at most `blockSizeBytes`, for use by one thread.
  ///
  /// @throws IllegalArgumentException if there is no such level
  public BlockCompressor newCompressor(int level, int blockSizeBytes) {
    requireLevel(level);
    return switch (this) {
      case GZIP -> GzipBlockCompressor.open(level);
      case ZSTD -> new ZstdBlockCompressor(level);
      case XZ -> new XzBlockCompressor(level, blockSizeBytes);
      case LZ4 -> Lz4BlockCompressor.open(level);
      case LZO -> new LzoBlockCompressor();
    };
  }

  /// A decompressor for blocks of any level, for use by one thread.
  public BlockDecompressor newDecompressor() {
    return switch (this) {
      case GZIP -> new GzipBlockDecompressor();
      case ZSTD -> new ZstdBlockDecompressor();
      case XZ -> new XzBlockDecompressor();
      case LZ4 -> new Lz4BlockDecompressor();
      case LZO -> new LzoBlockDecompressor();
    };
  }

  void requireLevel(int level) {
    if (level < lowestLevel || level > highestLevel) {
      throw new IllegalArgumentException(
          lowestLevel == highestLevel
              ? "%s has no levels: expected %d, found %d".formatted(this, lowestLevel, level)
              : "unknown %s level %d: expected %d to %d"
                  .formatted(this, level, lowestLevel, highestLevel));
    }
  }

  /// The name by which `mksquashfs -comp` knows it.
  @Override
  public String toString() {
    return shownName;
  }

  private static String knownNames() {
    return Arrays.stream(values()).map(Compression::toString).collect(Collectors.joining(", "));
  }
}
