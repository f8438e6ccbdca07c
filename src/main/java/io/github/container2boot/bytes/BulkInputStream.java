package io.github.container2boot.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// A stream that is made to be read in pieces: one method says how, and the rest of what an
/// [InputStream] can be asked for follows from it. A byte alone can be had, at the cost of a piece.
public abstract class BulkInputStream extends InputStream {
  /// Reads what comes next, as far as there is room and without waiting for more than there is.
  ///
  /// @param offset in `target`
  /// @param count how many bytes there is room for, at least one
  /// @return how many were read, at least one; -1 at the end
  protected abstract int readSome(byte[] target, int offset, int count) throws IOException;

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return readSome(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public final int read(byte[] target, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, target.length);
    return count == 0 ? 0 : readSome(target, offset, count);
  }
}
