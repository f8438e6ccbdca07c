package io.github.container2boot.oci;

import io.github.container2boot.bytes.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/// Tells how many bytes were read. What is read before anybody wants to know is told later.
final class CountedInputStream extends BulkInputStream {
  private final InputStream source;
  private LongConsumer listener;
  private long untoldBytes;

  CountedInputStream(InputStream source) {
    this.source = source;
    this.listener = count -> untoldBytes += count;
  }

  CountedInputStream tell(LongConsumer changed) {
    listener = changed;
    listener.accept(untoldBytes);
    return this;
  }

  @Override
  protected int readSome(byte[] target, int offset, int count) throws IOException {
    int read = source.read(target, offset, count);
    if (read > 0) {
      listener.accept(read);
    }
    return read;
  }

  @Override
  public int available() throws IOException {
    return source.available();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
