package io.github.container2boot.compress;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorOutputStream;

class Lz4BlockCodecTest extends BlockCodecContract {
  Lz4BlockCodecTest() {
    super(Compression.LZ4);
  }

  @Override
  byte[] decompressElsewhere(byte[] block, int contentSizeBytes) throws IOException {
    return new BlockLZ4CompressorInputStream(new ByteArrayInputStream(block)).readAllBytes();
  }

  @Override
  byte[] compressElsewhere(byte[] content) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    try (BlockLZ4CompressorOutputStream stream = new BlockLZ4CompressorOutputStream(block)) {
      stream.write(content);
    }
    return block.toByteArray();
  }
}
