package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;

/// Decodes LZO1X, in plain Java, by "LZO stream format as understood by Linux' LZO decompressor"
/// (the kernel's Documentation/staging/lzo.rst).
///
/// A block is a sequence of instructions. What one means depends on how many literals the one
/// before copied at its end (`trailing`, 0 to 3, or 4 after a run of literals):
///
/// ```text
/// 0000LLLL             trailing 0: run of 3 + L literals (L = 0: longer)
/// 0000DDSS H           trailing 1 to 3: match of 2, distance (H << 2) + D + 1
/// 0000DDSS H           trailing 4: match of 3, distance (H << 2) + D + 2049
/// 0001HLLL DDDDDDSS D  match of 2 + L (L = 0: longer), distance 16384 + (H << 14) + D;
///                      where the distance is 16384, the block ends
/// 001LLLLL DDDDDDSS D  match of 2 + L (L = 0: longer), distance D + 1
/// 01LDDDSS H           match of 3 + L, distance (H << 3) + D + 1
/// 1LLDDDSS H           match of 5 + L, distance (H << 3) + D + 1
/// ```
///
/// S literals follow each match. A first byte above 17 is a run of as many literals as it exceeds
/// 17 by. "Longer" adds what the bits can hold, 255 for each zero byte, and the byte after them.
final class Lzo1xBlock {
  private static final int AFTER_RUN = 4;
  private static final int END_DISTANCE = 16384;

  private final byte[] source;
  private final int sourceStart;
  private final int sourceEnd;
  private final byte[] target;
  private final int targetStart;
  private final int targetEnd;
  private int from;
  private int to;
  private int trailing;
  private boolean ended;

  private Lzo1xBlock(
      byte[] source,
      int sourceStart,
      int sourceCount,
      byte[] target,
      int targetStart,
      int targetEnd) {
    this.source = source;
    this.sourceStart = sourceStart;
    this.sourceEnd = sourceStart + sourceCount;
    this.target = target;
    this.targetStart = targetStart;
    this.targetEnd = targetEnd;
    this.from = sourceStart;
    this.to = targetStart;
  }

  /// Decodes a block into `target` from `targetStart` on.
  ///
  /// @return how many bytes were decoded
  /// @throws FormatException if the block is corrupt or does not fit before `targetEnd`; its offset
  ///   counts from the start of the block
  static int decode(
      byte[] source,
      int sourceStart,
      int sourceCount,
      byte[] target,
      int targetStart,
      int targetEnd)
      throws FormatException {
    Lzo1xBlock block =
        new Lzo1xBlock(source, sourceStart, sourceCount, target, targetStart, targetEnd);
    block.decode();
    return block.to - targetStart;
  }

  private void decode() throws FormatException {
    firstLiterals();
    while (!ended) {
      instruction(nextByte());
    }
    if (from != sourceEnd) {
      throw malformed("goes on after its end");
    }
  }

  private void firstLiterals() throws FormatException {
    int first = nextByte();
    if (first <= 17) {
      from--;
      return;
    }
    copyLiterals(first - 17);
    trailing = Math.min(first - 17, AFTER_RUN);
  }

  private void instruction(int code) throws FormatException {
    if (code >= 128) {
      match((nextByte() << 3) + (code >> 2 & 7) + 1, 5 + (code >> 5 & 3), code);
    } else if (code >= 64) {
      match((nextByte() << 3) + (code >> 2 & 7) + 1, 3 + (code >> 5 & 1), code);
    } else if (code >= 32) {
      int length = length(code & 31, 31);
      int low = nextByte();
      match((low | nextByte() << 8) / 4 + 1, 2 + length, low);
    } else if (code >= 16) {
      farMatch(code);
    } else {
      shortInstruction(code);
    }
  }

  private void farMatch(int code) throws FormatException {
    int length = length(code & 7, 7);
    int low = nextByte();
    int distance = END_DISTANCE + ((code >> 3 & 1) << 14) + (low | nextByte() << 8) / 4;
    if (distance == END_DISTANCE) {
      ended = true;
    } else {
      match(distance, 2 + length, low);
    }
  }

  private void shortInstruction(int code) throws FormatException {
    if (trailing == 0) {
      copyLiterals(3 + length(code, 15));
      trailing = AFTER_RUN;
    } else if (trailing == AFTER_RUN) {
      match((nextByte() << 2) + (code >> 2) + 2049, 3, code);
    } else {
      match((nextByte() << 2) + (code >> 2) + 1, 2, code);
    }
  }

  /// `bits` or, if they are 0, `most` and what the following bytes say. What is longer than the
  /// target is not read to its end, so that it cannot overflow.
  private int length(int bits, int most) throws FormatException {
    if (bits != 0) {
      return bits;
    }
    int length = most;
    int more;
    while ((more = nextByte()) == 0 && length <= targetEnd) {
      length += 255;
    }
    return length + more;
  }

  /// Copies a match and the literals that follow it, as many as the low bits of `state` say.
  private void match(int distance, int count, int state) throws FormatException {
    if (distance > to - targetStart) {
      throw malformed("match reaches back before the beginning");
    }
    requireRoom(count);
    Matches.copy(target, to, distance, count);
    to += count;
    trailing = state & 3;
    copyLiterals(trailing);
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
    return FormatException.malformed(from - sourceStart, "lzo block: " + problem);
  }
}
