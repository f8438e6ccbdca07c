package io.github.container2boot.oci;

import io.github.container2boot.bytes.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;

/// An uncompressed layer, over the stream it is stored in: at its own end it reads that to its end
/// too, so that whatever is verified there is.
final class LayerInputStream extends BulkInputStream {
  private static final int DRAIN_BYTES = 1 << 16;

  private final InputStream uncompressed;
  private final InputStream stored;

  LayerInputStream(InputStream uncompressed, InputStream stored) {
    this.uncompressed = uncompressed;
    this.stored = stored;
  }

  @Override
  protected int readSome(byte[] target, int offset, int count) throws IOException {
    int read = uncompressed.read(target, offset, count);
    if (read < 0) {
      drain();
    }
    return read;
  }

  private void drain() throws IOException {
    byte[] dropped = new byte[DRAIN_BYTES];
    while (stored.read(dropped) >= 0) {
      // Only the end is of interest.
    }
  }

  @Override
  public void close() throws IOException {
    uncompressed.close();
  }
}
