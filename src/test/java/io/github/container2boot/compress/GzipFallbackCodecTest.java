package io.github.container2boot.compress;

/// The compressor of platforms without the native library.
class GzipFallbackCodecTest extends GzipBlockCodecTest {
  @Override
  BlockCompressor newCompressor(int level) {
    return new GzipBlockCompressor.Jdk(level);
  }
}
