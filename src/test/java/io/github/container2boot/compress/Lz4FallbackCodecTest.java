package io.github.container2boot.compress;

/// The compressor of platforms without the native library.
class Lz4FallbackCodecTest extends Lz4BlockCodecTest {
  @Override
  BlockCompressor newCompressor(int level) {
    return new Lz4BlockCompressor.Java();
  }
}
