package io.github.container2boot.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A text in the language of man(7).
final class Roff {
  private static final int LINE_COLUMNS = 78;

  private final StringBuilder text = new StringBuilder();

  static String bold(String word) {
    return "\\fB" + escaped(word) + "\\fR";
  }

  static String italic(String word) {
    return "\\fI" + escaped(word) + "\\fR";
  }

  /// The first line of a page. `day` is read by programs and stays as it is.
  void title(String name, String section, String day, String version) {
    text.append(
        ".TH \"%s\" %s \"%s\" \"%s\"\n".formatted(escaped(name), section, day, escaped(version)));
  }

  /// A line with a macro.
  void macro(String name, String... arguments) {
    text.append('.').append(name);
    Stream.of(arguments)
        .forEach(
            word -> text.append(" \"").append(escaped(word).replace("\"", "\\(dq")).append('"'));
    text.append('\n');
  }

  /// Running text.
  void text(String plain) {
    text.append(wrapped(plain)).append('\n');
  }

  /// Running text with [#bold] and [#italic] words, everything else escaped already.
  void formatted(String escaped) {
    text.append(protectedStart(escaped)).append('\n');
  }

  void paragraph(String plain) {
    macro("PP");
    text(plain);
  }

  /// A paragraph of `lines` that hangs from `tag`, which is escaped already.
  void tagged(String tag, List<String> lines) {
    macro("TP");
    formatted(tag);
    text.append(lines.stream().map(Roff::wrapped).collect(Collectors.joining("\n.br\n")));
    text.append('\n');
  }

  /// Lines as they are, as of a terminal.
  void verbatim(List<String> lines) {
    macro("nf");
    macro("RS");
    lines.forEach(line -> formatted(escaped(line)));
    macro("RE");
    macro("fi");
  }

  /// Escaped, and in short lines: their ends mean no more than a space.
  private static String wrapped(String plain) {
    StringBuilder lines = new StringBuilder();
    StringBuilder line = new StringBuilder();
    for (String word : escaped(plain).split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > LINE_COLUMNS) {
        lines.append(protectedStart(line.toString())).append('\n');
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    return lines.append(protectedStart(line.toString())).toString();
  }

  /// What would begin a macro is text.
  private static String protectedStart(String line) {
    return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
  }

  /// Every character as it is: roff turns some of ASCII's into typographic ones.
  private static String escaped(String plain) {
    return plain
        .replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("'", "\\(aq")
        .replace("`", "\\(ga")
        .replace("^", "\\(ha")
        .replace("~", "\\(ti")
        .replace('\n', ' ');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
