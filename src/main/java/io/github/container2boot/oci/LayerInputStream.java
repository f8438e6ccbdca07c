package io.github.container2boot.oci;

import java.io.IOException;
import java.io.InputStream;

/// An uncompressed layer, over the stream it is stored in: at its own end it reads that to its end
/// too, so that whatever is verified there is.
final class LayerInputStream extends InputStream {
  private static final int DRAIN_BYTES = 1 << 16;

  private final InputStream uncompressed;
  private final InputStream stored;

  LayerInputStream(InputStream uncompressed, InputStream stored) {
    this.uncompressed = uncompressed;
    this.stored = stored;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
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
