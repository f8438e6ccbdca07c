package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// zlib streams by the JDK.
final class GzipBlockDecompressor extends StagedDecompressor {
  private final Inflater inflater = new Inflater();

  GzipBlockDecompressor() {
    super(Staging.direct());
  }

  @Override
  int decompressStaged(ByteBuffer source, ByteBuffer target) throws FormatException {
    inflater.reset();
    inflater.setInput(source);
    int count = inflate(target);
    if (inflater.finished()) {
      return count;
    }
    throw target.hasRemaining()
        ? FormatException.malformed(source.limit(), "gzip block ends too soon")
        : tooLarge("gzip", target);
  }

  private int inflate(ByteBuffer target) throws FormatException {
    try {
      return inflater.inflate(target);
    } catch (DataFormatException failure) {
      throw FormatException.malformed("gzip block is corrupt: " + Failures.describe(failure));
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
