package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;
import java.nio.ByteBuffer;

/// LZ4 blocks by [Lz4Block].
final class Lz4BlockDecompressor extends StagedDecompressor {
  Lz4BlockDecompressor() {
    super(Staging.heap());
  }

  @Override
  int decompressStaged(ByteBuffer source, ByteBuffer target) throws FormatException {
    int start = target.arrayOffset();
    return Lz4Block.decode(
        source.array(),
        source.arrayOffset(),
        source.limit(),
        target.array(),
        start,
        start,
        start + target.limit());
  }

  @Override
  public void close() {}
}
