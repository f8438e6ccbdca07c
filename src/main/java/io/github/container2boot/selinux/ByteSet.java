package io.github.container2boot.selinux;

import java.util.function.IntPredicate;

/// A set of byte values, as a character class has it: one bit each, the lowest values in `first`.
record ByteSet(long first, long second, long third, long fourth) {
  static final ByteSet NONE = new ByteSet(0, 0, 0, 0);
  static final ByteSet ALL = NONE.complement();
  static final ByteSet DIGITS = range('0', '9');
  static final ByteSet WORD = DIGITS.union(range('A', 'Z')).union(range('a', 'z')).union(of('_'));

  /// isspace(3).
  static final ByteSet SPACE = range('\t', '\r').union(of(' '));

  /// PCRE's `\h` among the first 256 characters: space, tab, no-break space.
  static final ByteSet HORIZONTAL_SPACE = of(' ').union(of('\t')).union(of(0xa0));

  /// PCRE's `\v` among the first 256 characters: line feed to carriage return, next line.
  static final ByteSet VERTICAL_SPACE = range('\n', '\r').union(of(0x85));

  static ByteSet of(int value) {
    long bit = 1L << (value & 63);
    return switch (value >> 6) {
      case 0 -> new ByteSet(bit, 0, 0, 0);
      case 1 -> new ByteSet(0, bit, 0, 0);
      case 2 -> new ByteSet(0, 0, bit, 0);
      default -> new ByteSet(0, 0, 0, bit);
    };
  }

  static ByteSet range(int from, int to) {
    return matching(value -> value >= from && value <= to);
  }

  static ByteSet matching(IntPredicate predicate) {
    long[] words = new long[4];
    for (int value = 0; value < 256; value++) {
      if (predicate.test(value)) {
        words[value >> 6] |= 1L << (value & 63);
      }
    }
    return new ByteSet(words[0], words[1], words[2], words[3]);
  }

  ByteSet union(ByteSet other) {
    return new ByteSet(
        first | other.first, second | other.second, third | other.third, fourth | other.fourth);
  }

  ByteSet complement() {
    return new ByteSet(~first, ~second, ~third, ~fourth);
  }

  /// With the other case of every ASCII letter in it.
  ByteSet ignoringCase() {
    return matching(value -> contains(value) || (isLetter(value) && contains(value ^ 0x20)));
  }

  private static boolean isLetter(int value) {
    int lower = value | 0x20;
    return lower >= 'a' && lower <= 'z';
  }

  boolean contains(int value) {
    long word =
        switch (value >> 6) {
          case 0 -> first;
          case 1 -> second;
          case 2 -> third;
          default -> fourth;
        };
    return (word >>> (value & 63) & 1) != 0;
  }

  int size() {
    return Long.bitCount(first)
        + Long.bitCount(second)
        + Long.bitCount(third)
        + Long.bitCount(fourth);
  }

  /// The smallest member.
  int least() {
    for (int value = 0; value < 256; value++) {
      if (contains(value)) {
        return value;
      }
    }
    throw new IllegalStateException("empty set");
  }
}
