package io.github.container2boot.compress;

import io.github.container2boot.bytes.BulkInputStream;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A decoder as a stream. It keeps apart what the input did (passed on as it is) and what the
/// decoder thinks of it (a [FormatException]), and stays failed once it failed.
final class DecodedInputStream extends BulkInputStream {
  private final String format;
  private final CompressedInput input;
  private final Decoder decoder;
  private @Nullable IOException failure;
  private boolean ended;
  private boolean closed;

  DecodedInputStream(String format, CompressedInput input, Decoder decoder) {
    this.format = format;
    this.input = input;
    this.decoder = decoder;
  }

  @Override
  protected int readSome(byte[] target, int offset, int count) throws IOException {
    if (closed) {
      throw new IOException("stream is closed");
    }
    if (failure != null) {
      throw failure;
    }
    return ended ? -1 : decode(target, offset, count);
  }

  private int decode(byte[] target, int offset, int count) throws IOException {
    try {
      int decoded = decoder.read(target, offset, count);
      ended = decoded < 0;
      return decoded;
    } catch (IOException | RuntimeException thrown) {
      IOException translated = translate(thrown);
      failure = translated;
      throw translated;
    }
  }

  private IOException translate(Exception thrown) {
    IOException ofInput = input.failure();
    if (ofInput != null) {
      return ofInput;
    }
    if (thrown instanceof FormatException own) {
      return own.in(format);
    }
    FormatException malformed =
        FormatException.malformed(
            input.offsetBytes(), format + ": corrupt: " + Failures.describe(thrown));
    malformed.initCause(thrown);
    return malformed;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      decoder.close();
      input.close();
    }
  }
}
