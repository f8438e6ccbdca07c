package io.github.container2boot.compress;

import io.airlift.compress.v3.lz4.Lz4JavaDecompressor;
import io.github.container2boot.bytes.FormatException;
import java.nio.ByteBuffer;

final class Lz4BlockDecompressor extends StagedDecompressor {
  private final Lz4JavaDecompressor decompressor = new Lz4JavaDecompressor();

  Lz4BlockDecompressor() {
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
      throw FormatException.malformed("lz4 block is corrupt: " + Failures.describe(failure));
    }
  }

  @Override
  public void close() {}
}
