package io.github.container2boot.compress;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

final class GzipBlockCompressor extends StagedCompressor {
  private final Deflater deflater;

  GzipBlockCompressor(int level) {
    super(Staging.direct());
    this.deflater = new Deflater(Math.min(level, Deflater.BEST_COMPRESSION));
  }

  @Override
  int compressStaged(ByteBuffer source, ByteBuffer target) {
    deflater.reset();
    deflater.setInput(source);
    deflater.finish();
    int count = deflater.deflate(target);
    return deflater.finished() ? count : DOES_NOT_FIT;
  }

  @Override
  public void close() {
    deflater.end();
  }
}
