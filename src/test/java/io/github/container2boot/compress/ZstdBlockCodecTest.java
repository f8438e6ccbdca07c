package io.github.container2boot.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ZstdBlockCodecTest extends BlockCodecContract {
  ZstdBlockCodecTest() {
    super(Compression.ZSTD);
  }

  @Override
  byte[] decompressElsewhere(byte[] block, int contentSizeBytes) {
    byte[] content = new byte[contentSizeBytes];
    int count =
        new ZstdJavaDecompressor().decompress(block, 0, block.length, content, 0, content.length);
    return Arrays.copyOf(content, count);
  }

  @Override
  byte[] compressElsewhere(byte[] content) {
    ZstdJavaCompressor compressor = new ZstdJavaCompressor();
    byte[] block = new byte[compressor.maxCompressedLength(content.length)];
    return Arrays.copyOf(
        block, compressor.compress(content, 0, content.length, block, 0, block.length));
  }

  /// libzstd asks for a little more than the result to use its fastest way out.
  @Override
  int compressionSlackBytes() {
    return 16;
  }

  /// A single segment, its content size in the header: the window is the content.
  @Test
  void theFrameIsWhatTheKernelWants() {
    byte[] block = compress(6, new byte[BLOCK_BYTES]);
    assertThat(HexFormat.of().formatHex(block, 0, 9)).isEqualTo("28b52ffd" + "a0" + "00000200");
    byte[] small = compress(22, new byte[8192]);
    assertThat(HexFormat.of().formatHex(small, 0, 7)).isEqualTo("28b52ffd" + "60" + "001f");
  }
}
