package io.github.container2boot.boot;

/// A version as text, ordered by the UAPI Group's Version Format Specification (UAPI.10).
///
/// The order is not consistent with [#equals]: `1_` and `1` compare as the same and are different
/// texts.
///
/// @param text the version, as the distribution writes it
public record Version(String text) implements Comparable<Version> {
  @Override
  public int compareTo(Version other) {
    return new Comparison(text, other.text).result();
  }

  @Override
  public String toString() {
    return text;
  }

  /// Section "Version Comparison"; the numbers are its own. Both sides advance together.
  private static final class Comparison {
    private final Side left;
    private final Side right;

    Comparison(String left, String right) {
      this.left = new Side(left);
      this.right = new Side(right);
    }

    int result() {
      while (true) {
        left.skipSeparators(); // 1
        right.skipSeparators();
        int order = markedIsLower('~'); // 2
        if (order == 0 && (left.ended() || right.ended())) {
          return Boolean.compare(right.ended(), left.ended()); // 3
        }
        order = order == 0 ? markedIsLower('-') : order; // 4
        order = order == 0 ? markedIsLower('^') : order; // 5
        order = order == 0 ? markedIsLower('.') : order; // 6
        order = order == 0 ? component() : order;
        if (order != 0) {
          return order;
        }
      }
    }

    private int markedIsLower(char mark) {
      boolean leftMarked = left.startsWith(mark);
      boolean rightMarked = right.startsWith(mark);
      if (leftMarked && rightMarked) {
        left.skip();
        right.skip();
      }
      return Boolean.compare(rightMarked, leftMarked);
    }

    private int component() {
      if (left.startsWithDigit() || right.startsWithDigit()) {
        return compareNumbers(left.takeNumber(), right.takeNumber()); // 7
      }
      return left.takeLetters().compareTo(right.takeLetters()); // 8
    }

    /// Numbers without leading zeros: the longer one is the larger one, whatever its length.
    private static int compareNumbers(String left, String right) {
      int order = Integer.compare(left.length(), right.length());
      return order == 0 ? left.compareTo(right) : order;
    }
  }

  /// What is left of one of the two strings.
  private static final class Side {
    private final String text;
    private int position;

    Side(String text) {
      this.text = text;
    }

    boolean ended() {
      return position == text.length();
    }

    boolean startsWith(char mark) {
      return !ended() && text.charAt(position) == mark;
    }

    boolean startsWithDigit() {
      return !ended() && isDigit(text.charAt(position));
    }

    void skip() {
      position++;
    }

    void skipSeparators() {
      while (!ended() && isSeparator(text.charAt(position))) {
        skip();
      }
    }

    String takeNumber() {
      while (startsWith('0')) {
        skip();
      }
      int begin = position;
      while (startsWithDigit()) {
        skip();
      }
      return text.substring(begin, position);
    }

    String takeLetters() {
      int begin = position;
      while (!ended() && isLetter(text.charAt(position))) {
        skip();
      }
      return text.substring(begin, position);
    }

    private static boolean isSeparator(char character) {
      return !isDigit(character) && !isLetter(character) && "-.~^".indexOf(character) < 0;
    }

    private static boolean isDigit(char character) {
      return character >= '0' && character <= '9';
    }

    private static boolean isLetter(char character) {
      return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    }
  }
}
