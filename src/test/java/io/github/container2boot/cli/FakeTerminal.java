package io.github.container2boot.cli;

import java.util.ArrayList;
import java.util.List;

/// As much of a terminal as the display needs: lines that wrap, carriage return, and the escape
/// sequences for up, erase to the end of the line, erase below, and colours.
final class FakeTerminal {
  private final int columns;
  private final List<StringBuilder> rows = new ArrayList<>();
  private int row;
  private int column;

  private FakeTerminal(int columns) {
    this.columns = columns;
  }

  /// The lines that `output` leaves on a terminal, without empty ones at the end.
  static List<String> shown(String output, int columns) {
    FakeTerminal terminal = new FakeTerminal(columns);
    terminal.write(output);
    List<String> lines =
        new ArrayList<>(
            terminal.rows.stream().map(line -> line.toString().stripTrailing()).toList());
    while (!lines.isEmpty() && lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }

  static String withoutEscapes(String text) {
    return text.replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "").replace("\r", "");
  }

  private void write(String output) {
    for (int index = 0; index < output.length(); index++) {
      char character = output.charAt(index);
      switch (character) {
        case '\r' -> column = 0;
        case '\n' -> {
          row++;
          column = 0;
        }
        case '\u001b' -> index = escape(output, index + 2);
        default -> put(character);
      }
    }
  }

  private int escape(String output, int begin) {
    int end = begin;
    while (!Character.isLetter(output.charAt(end))) {
      end++;
    }
    String number = output.substring(begin, end);
    switch (output.charAt(end)) {
      case 'A' -> {
        row -= Integer.parseInt(number);
        if (row < 0) {
          throw new AssertionError("the cursor left the screen");
        }
      }
      case 'K' -> line().setLength(Math.min(column, line().length()));
      case 'J' -> {
        line().setLength(Math.min(column, line().length()));
        rows.subList(row + 1, rows.size()).clear();
      }
      case 'm' -> {}
      default -> throw new AssertionError("escape sequence " + output.substring(begin, end + 1));
    }
    return end;
  }

  private void put(char character) {
    if (column == columns) {
      row++;
      column = 0;
    }
    StringBuilder line = line();
    while (line.length() <= column) {
      line.append(' ');
    }
    line.setCharAt(column++, character);
  }

  private StringBuilder line() {
    while (rows.size() <= row) {
      rows.add(new StringBuilder());
    }
    return rows.get(row);
  }
}
