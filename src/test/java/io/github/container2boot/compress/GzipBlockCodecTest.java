package io.github.container2boot.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.commons.compress.compressors.deflate.DeflateCompressorInputStream;
import org.apache.commons.compress.compressors.deflate.DeflateCompressorOutputStream;
import org.junit.jupiter.api.Test;

class GzipBlockCodecTest extends BlockCodecContract {
  GzipBlockCodecTest() {
    super(Compression.GZIP);
  }

  @Override
  byte[] decompressElsewhere(byte[] block, int contentSizeBytes) throws IOException {
    return new DeflateCompressorInputStream(new ByteArrayInputStream(block)).readAllBytes();
  }

  @Override
  byte[] compressElsewhere(byte[] content) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    try (DeflateCompressorOutputStream stream = new DeflateCompressorOutputStream(block)) {
      stream.write(content);
    }
    return block.toByteArray();
  }

  /// libdeflate stops a few bytes before the end of its target.
  @Override
  int compressionSlackBytes() {
    return 16;
  }

  @Test
  void aBlockIsAZlibStream() {
    byte[] block = compress(9, "hello".getBytes());
    int header = Byte.toUnsignedInt(block[0]) << 8 | Byte.toUnsignedInt(block[1]);
    assertThat(block[0]).isEqualTo((byte) 0x78);
    assertThat(header % 31).isZero();
    assertThat(block).endsWith(0x06, 0x2c, 0x02, 0x15);
  }
}
