package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;
import java.nio.ByteBuffer;

/// Decompresses one block after the other.
///
/// It belongs to one thread and keeps its memory from block to block. Direct buffers are the fast
/// way; others work and may be copied.
public interface BlockDecompressor extends AutoCloseable {
  /// Decompresses the remaining bytes of `source`, which are one whole block, into `target` and
  /// moves both.
  ///
  /// @return how many bytes were put into `target`
  /// @throws FormatException if the block is corrupt or holds more than `target` has room for; then
  ///   neither buffer was moved. The offset counts from the start of the block.
  int decompress(ByteBuffer source, ByteBuffer target) throws FormatException;

  @Override
  void close();
}
