package io.github.container2boot.boot;

/// Text in the shell's quotes, as far as os-release(5) allows them, and text that must not do
/// anything.
final class ShellText {
  private ShellText() {}

  /// What a shell would assign: single quotes keep all as it is, a backslash outside them takes the
  /// next character as it is (within double quotes only where the shell says so). Nothing is
  /// expanded: os-release(5) has no variables. An unquoted blank ends the value.
  static String unquoted(String text) {
    StringBuilder value = new StringBuilder(text.length());
    char quote = 0;
    for (int index = 0; index < text.length(); index++) {
      char character = text.charAt(index);
      if (quote == 0 && (character == ' ' || character == '\t')) {
        break;
      }
      if (quote == 0 && (character == '"' || character == '\'')) {
        quote = character;
      } else if (character == quote) {
        quote = 0;
      } else if (character == '\\' && quote != '\'' && index + 1 < text.length()) {
        char next = text.charAt(++index);
        if (quote == '"' && "\"$`\\".indexOf(next) < 0) {
          value.append(character);
        }
        value.append(next);
      } else {
        value.append(character);
      }
    }
    return value.toString();
  }

  /// The text without anything that moves a cursor, ends a line or turns its direction round.
  static String withoutControls(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    text.codePoints().filter(ShellText::isVisible).forEach(kept::appendCodePoint);
    return kept.toString();
  }

  static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
