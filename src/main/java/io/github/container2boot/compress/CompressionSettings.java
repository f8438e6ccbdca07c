package io.github.container2boot.compress;

/// A compressor and its level.
public record CompressionSettings(Compression compression, int level) {
  /// @throws IllegalArgumentException if the compressor has no such level
  public CompressionSettings {
    compression.requireLevel(level);
  }

  /// The compressor at its default level.
  public static CompressionSettings of(Compression compression) {
    return new CompressionSettings(compression, compression.defaultLevel());
  }

  /// What `NAME` or `NAME:LEVEL` says: `zstd`, `zstd:19`.
  ///
  /// @throws IllegalArgumentException with a message for people if there is no such compressor or
  ///   level
  public static CompressionSettings parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return of(Compression.parse(text));
    }
    Compression compression = Compression.parse(text.substring(0, colon));
    return new CompressionSettings(compression, parseLevel(compression, text.substring(colon + 1)));
  }

  /// A compressor with these settings, for use by one thread.
  public BlockCompressor newCompressor(int blockSizeBytes) {
    return compression.newCompressor(level, blockSizeBytes);
  }

  /// `zstd:6`, which [#parse] understands.
  @Override
  public String toString() {
    return compression + ":" + level;
  }

  private static int parseLevel(Compression compression, String level) {
    try {
      return Integer.parseInt(level);
    } catch (NumberFormatException notNumber) {
      throw new IllegalArgumentException(
          "unknown %s level '%s': expected %d to %d"
              .formatted(compression, level, compression.lowestLevel(), compression.highestLevel()),
          notNumber);
    }
  }
}
