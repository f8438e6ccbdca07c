package io.github.container2boot.compress;

import java.util.Arrays;

/// The decoded block of a format that comes in blocks, handed out piece by piece.
final class BlockBuffer {
  private byte[] bytes = new byte[0];
  private int position;
  private int end;

  /// Room for a block of `sizeBytes` after `keptBytes` of history, which stay where they are. The
  /// array grows with what the blocks really need.
  byte[] room(int keptBytes, int sizeBytes) {
    if (bytes.length < keptBytes + sizeBytes) {
      bytes = Arrays.copyOf(bytes, keptBytes + sizeBytes);
    }
    return bytes;
  }

  /// A block is there, from `start` to `end`.
  void filled(int start, int end) {
    this.position = start;
    this.end = end;
  }

  /// Moves the last `mostBytes` before the end of the block to the front.
  ///
  /// @return how many there were
  int keepHistory(int mostBytes) {
    int kept = Math.min(mostBytes, end);
    System.arraycopy(bytes, end - kept, bytes, 0, kept);
    return kept;
  }

  boolean isEmpty() {
    return position == end;
  }

  int read(byte[] target, int offset, int count) {
    int copied = Math.min(count, end - position);
    System.arraycopy(bytes, position, target, offset, copied);
    position += copied;
    return copied;
  }
}
