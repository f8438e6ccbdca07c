package io.github.container2boot.compress;

import io.airlift.compress.v3.lz4.Lz4JavaCompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;

class Lz4BlockCodecTest extends BlockCodecContract {
  Lz4BlockCodecTest() {
    super(Compression.LZ4);
  }

  @Override
  byte[] decompressElsewhere(byte[] block, int contentSizeBytes) throws IOException {
    return new BlockLZ4CompressorInputStream(new ByteArrayInputStream(block)).readAllBytes();
  }

  @Override
  byte[] compressElsewhere(byte[] content) {
    Lz4JavaCompressor compressor = new Lz4JavaCompressor();
    byte[] block = new byte[compressor.maxCompressedLength(content.length)];
    return Arrays.copyOf(
        block, compressor.compress(content, 0, content.length, block, 0, block.length));
  }
}
