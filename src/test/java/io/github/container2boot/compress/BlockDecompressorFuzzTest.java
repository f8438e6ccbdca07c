package io.github.container2boot.compress;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.container2boot.bytes.FormatException;
import java.nio.ByteBuffer;

/// Any bytes at all, to every decompressor: a block, or a FormatException.
class BlockDecompressorFuzzTest {
  @FuzzTest
  void decompress(byte[] input) {
    for (Compression compression : Compression.values()) {
      try (BlockDecompressor decompressor = compression.newDecompressor()) {
        decompressor.decompress(ByteBuffer.wrap(input), ByteBuffer.allocate(1 << 17));
      } catch (FormatException expected) {
        // is what bad input gives
      }
    }
  }
}
