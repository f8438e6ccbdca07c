package io.github.container2boot.compress;

import io.airlift.compress.v3.lzo.LzoDecompressor;
import io.github.container2boot.bytes.FormatException;
import java.nio.ByteBuffer;

final class LzoBlockDecompressor extends StagedDecompressor {
  private final LzoDecompressor decompressor = new LzoDecompressor();

  LzoBlockDecompressor() {
    super(Staging.heap());
  }

  @Override
  int decompressStaged(ByteBuffer source, ByteBuffer target) throws FormatException {
    try {
      return decompressor.decompress(
          source.array(),
          source.arrayOffset(),
          source.limit(),
          target.array(),
          target.arrayOffset(),
          target.limit());
    } catch (RuntimeException failure) {
      throw FormatException.malformed("lzo block is corrupt: " + Failures.describe(failure));
    }
  }

  @Override
  public void close() {}
}
