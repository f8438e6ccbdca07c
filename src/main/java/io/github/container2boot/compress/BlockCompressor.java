package io.github.container2boot.compress;

import java.nio.ByteBuffer;

/// Compresses one block after the other, each on its own.
///
/// It belongs to one thread and keeps its memory from block to block. Direct buffers are the fast
/// way; others work and are copied.
public interface BlockCompressor extends AutoCloseable {
  /// What [#compress] returns for a block that does not fit.
  int DOES_NOT_FIT = -1;

  /// Compresses the remaining bytes of `source` into `target` and moves both.
  ///
  /// @return how many bytes were put into `target`, or [#DOES_NOT_FIT] if it is too small; then
  ///   neither buffer was moved, and the bytes in `target` are undefined
  int compress(ByteBuffer source, ByteBuffer target);

  @Override
  void close();
}
