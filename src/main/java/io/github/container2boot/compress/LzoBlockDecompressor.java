package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;
import java.nio.ByteBuffer;

/// LZO1X blocks by [Lzo1xBlock].
final class LzoBlockDecompressor extends StagedDecompressor {
  LzoBlockDecompressor() {
    super(Staging.heap());
  }

  @Override
  int decompressStaged(ByteBuffer source, ByteBuffer target) throws FormatException {
    int start = target.arrayOffset();
    return Lzo1xBlock.decode(
        source.array(),
        source.arrayOffset(),
        source.limit(),
        target.array(),
        start,
        start + target.limit());
  }

  @Override
  public void close() {}
}
