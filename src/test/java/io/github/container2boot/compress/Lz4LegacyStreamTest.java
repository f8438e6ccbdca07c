package io.github.container2boot.compress;

import java.util.List;

class Lz4LegacyStreamTest extends StreamFormatContract {
  Lz4LegacyStreamTest() {
    super(
        StreamFormat.LZ4_LEGACY,
        List.of("lz4", "-q", "-l", "-c"),
        List.of("lz4", "-q", "-l", "-9", "-c"));
  }

  /// Blocks come until the input ends.
  @Override
  boolean knowsItsEnd() {
    return false;
  }

  /// Blocks are 8 MiB.
  @Override
  int largeBytes() {
    return 10_000_000;
  }

  @Override
  boolean hasChecksum() {
    return false;
  }
}
