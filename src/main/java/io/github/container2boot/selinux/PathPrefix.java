package io.github.container2boot.selinux;

/// What can be told about a specification's paths without running its expression: how they begin,
/// or even all of it.
///
/// @param text the bytes that every matching path begins with, or the whole path if `exact`
/// @param exact there are no metacharacters: only `text` itself matches
record PathPrefix(String text, boolean exact) {
  private static final String METACHARACTERS = ".^$?*+|[({])}";

  /// What a backslash may make literal in an exact path.
  private static final String ESCAPABLE = METACHARACTERS + "-_,";

  static PathPrefix of(String expression) {
    StringBuilder literal = new StringBuilder();
    int index = 0;
    while (index < expression.length()) {
      char character = expression.charAt(index);
      if (character == '\\') {
        index++;
        if (index == expression.length() || ESCAPABLE.indexOf(expression.charAt(index)) < 0) {
          return new PathPrefix(common(expression, index - 1, literal), false);
        }
        character = expression.charAt(index);
      } else if (METACHARACTERS.indexOf(character) >= 0) {
        return new PathPrefix(common(expression, index, literal), false);
      }
      literal.append(character);
      index++;
    }
    return new PathPrefix(literal.toString(), true);
  }

  /// How every match begins: with the literal text before the first metacharacter at `stop`, unless
  /// that quantifies its last byte, or is one of several alternatives. The first directory is
  /// always demanded: libselinux compares it before it asks the regular expression, so that
  /// `/run/*` does not match /run.
  private static String common(String expression, int stop, StringBuilder literal) {
    int stem = literal.indexOf("/", 1) + 1;
    if (hasInvisibleParts(expression) || hasAlternatives(expression)) {
      return literal.substring(0, stem);
    }
    boolean quantified = stop < expression.length() && "?*{".indexOf(expression.charAt(stop)) >= 0;
    int certain = quantified && !literal.isEmpty() ? literal.length() - 1 : literal.length();
    return literal.substring(0, Math.max(stem, certain));
  }

  /// Whether there are quotations or comments, which can hide a `|` and move a quantifier away from
  /// what it quantifies.
  private static boolean hasInvisibleParts(String expression) {
    return expression.contains("\\Q") || expression.contains("\\E") || expression.contains("(?#");
  }

  /// Whether there is a `|` outside all parentheses.
  private static boolean hasAlternatives(String expression) {
    if (expression.indexOf('|') < 0) {
      return false;
    }
    int depth = 0;
    for (int index = 0; index < expression.length(); index++) {
      switch (expression.charAt(index)) {
        case '\\' -> index++;
        case '[' -> index = classEnd(expression, index);
        case '(' -> depth++;
        case ')' -> depth--;
        case '|' -> {
          if (depth <= 0) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  /// Where the `]` is that ends the character class begun at `begin`.
  private static int classEnd(String expression, int begin) {
    int index = begin + 1;
    if (expression.startsWith("^", index)) {
      index++;
    }
    if (expression.startsWith("]", index)) {
      index++;
    }
    while (index < expression.length() && expression.charAt(index) != ']') {
      int named = expression.startsWith("[:", index) ? expression.indexOf(":]", index + 2) : -1;
      if (named >= 0) {
        index = named + 2;
      } else {
        index += expression.charAt(index) == '\\' ? 2 : 1;
      }
    }
    return index;
  }

  /// The directories that [#text] names in full, each ended by its slash.
  int directoriesEnd() {
    return text.lastIndexOf('/') + 1;
  }
}
