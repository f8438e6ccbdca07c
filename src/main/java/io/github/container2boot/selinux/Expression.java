package io.github.container2boot.selinux;

import java.util.List;

/// A regular expression, taken apart. Groups leave no trace: nobody asks what they captured.
sealed interface Expression {
  /// One byte out of a set.
  record OneOf(ByteSet bytes) implements Expression {}

  /// One after the other; with no parts, nothing.
  record Sequence(List<Expression> parts) implements Expression {
    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  /// The first that leads to a match.
  record Choice(List<Expression> alternatives) implements Expression {
    public Choice {
      alternatives = List.copyOf(alternatives);
    }
  }

  /// The same several times.
  ///
  /// @param most how often at most, or [#UNLIMITED]
  record Repetition(Expression repeated, int least, int most, boolean lazy) implements Expression {
    static final int UNLIMITED = -1;
  }

  /// Matches no bytes, but only in certain places.
  enum Anchor implements Expression {
    /// `^`, `\A`
    BEGIN,
    /// `$`, `\Z`: at the end, or before a line feed that is the last byte
    END,
    /// `\z`
    VERY_END,
    /// `\b`
    WORD_BOUNDARY,
    /// `\B`
    INSIDE_OR_OUTSIDE_WORD
  }

  /// `(?=…)`, `(?!…)`
  record LookAhead(Expression expected, boolean negative) implements Expression {}

  /// `(?<=…)`, `(?<!…)`: each alternative with its one possible length in bytes.
  record LookBehind(List<FixedLength> alternatives, boolean negative) implements Expression {
    public LookBehind {
      alternatives = List.copyOf(alternatives);
    }
  }

  record FixedLength(Expression expected, int lengthBytes) {}

  /// `(?>…)`, possessive quantifiers: the first way to match is the only one tried.
  record Atomic(Expression inner) implements Expression {}
}
