package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;

/// Decodes the LZ4 block format, in plain Java: it is fast enough, needs no trust in anybody's
/// pointers, and can look back into earlier blocks, which LZ4 frames demand.
///
/// A block is a sequence of
///
/// ```text
/// 1     token: number of literals (high nibble), length of the match - 4 (low nibble)
/// 0..n  more of the number of literals if the nibble is 15: bytes to add, until one is not 255
/// 0..n  the literals
/// 2     how far back the match begins, not 0, little-endian
/// 0..n  more of the length of the match, as above
/// ```
///
/// where the last one ends after its literals.
final class Lz4Block {
  private static final int SHORTEST_MATCH = 4;
  private static final int MORE = 15;

  private final byte[] source;
  private final int sourceStart;
  private final int sourceEnd;
  private final byte[] target;
  private final int historyStart;
  private final int targetEnd;
  private int from;
  private int to;

  private Lz4Block(
      byte[] source,
      int sourceStart,
      int sourceCount,
      byte[] target,
      int historyStart,
      int targetStart,
      int targetEnd) {
    this.source = source;
    this.sourceStart = sourceStart;
    this.sourceEnd = sourceStart + sourceCount;
    this.target = target;
    this.historyStart = historyStart;
    this.targetEnd = targetEnd;
    this.from = sourceStart;
    this.to = targetStart;
  }

  /// Decodes a block into `target` from `targetStart` on; matches may reach back to `historyStart`.
  ///
  /// @return how many bytes were decoded
  /// @throws FormatException if the block is corrupt or does not fit before `targetEnd`; its offset
  ///   counts from the start of the block
  static int decode(
      byte[] source,
      int sourceStart,
      int sourceCount,
      byte[] target,
      int historyStart,
      int targetStart,
      int targetEnd)
      throws FormatException {
    Lz4Block block =
        new Lz4Block(
            source, sourceStart, sourceCount, target, historyStart, targetStart, targetEnd);
    block.decode();
    return block.to - targetStart;
  }

  private void decode() throws FormatException {
    while (true) {
      int token = nextByte();
      copyLiterals(length(token >> 4));
      if (from == sourceEnd) {
        return;
      }
      int distance = nextByte() | nextByte() << 8;
      copyMatch(distance, length(token & 0x0f) + SHORTEST_MATCH);
    }
  }

  /// A length that begins with `nibble`. What is longer than the target is not read to its end, so
  /// that it cannot overflow.
  private int length(int nibble) throws FormatException {
    int length = nibble;
    if (nibble == MORE) {
      int more;
      do {
        more = nextByte();
        length += more;
      } while (more == 255 && length < targetEnd + 256);
    }
    return length;
  }

  private void copyLiterals(int count) throws FormatException {
    if (count > sourceEnd - from) {
      throw malformed("literals end too soon");
    }
    requireRoom(count);
    System.arraycopy(source, from, target, to, count);
    from += count;
    to += count;
  }

  private void copyMatch(int distance, int count) throws FormatException {
    if (distance == 0 || distance > to - historyStart) {
      throw malformed("match reaches back before the beginning");
    }
    requireRoom(count);
    Matches.copy(target, to, distance, count);
    to += count;
  }

  private void requireRoom(int count) throws FormatException {
    if (count > targetEnd - to) {
      throw malformed("holds more than its size allows");
    }
  }

  private int nextByte() throws FormatException {
    if (from == sourceEnd) {
      throw malformed("ends too soon");
    }
    return Byte.toUnsignedInt(source[from++]);
  }

  private FormatException malformed(String problem) {
    return FormatException.malformed(from - sourceStart, "lz4 block: " + problem);
  }
}
