package io.github.container2boot.compress;

/// Copies within what was already decoded, as all formats of the Lempel-Ziv kind do.
final class Matches {
  private Matches() {}

  /// Repeats what lies `distance` before `position` for `count` bytes; where the two overlap, what
  /// was just written is repeated again.
  static void copy(byte[] bytes, int position, int distance, int count) {
    int copied = Math.min(distance, count);
    System.arraycopy(bytes, position - distance, bytes, position, copied);
    while (copied < count) {
      int next = Math.min(copied, count - copied);
      System.arraycopy(bytes, position, bytes, position + copied, next);
      copied += next;
    }
  }
}
