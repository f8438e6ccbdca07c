package io.github.container2boot.cli;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Commands as a user can paste them into a shell.
final class ShellWords {
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWords() {}

  /// A word for a shell, in one line whatever it is.
  static String quoted(String word) {
    return HARMLESS.matcher(word).matches()
        ? word
        : "'" + OneLine.of(word).replace("'", "'\\''") + "'";
  }

  /// A command and its arguments.
  static String line(List<String> words) {
    return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
  }
}
