package io.github.container2boot.cli;

import java.util.HexFormat;

/// Makes a text fit for a terminal, wherever it comes from: what an image says of itself can
/// neither break a line nor move the cursor.
final class OneLine {
  private static final HexFormat HEX = HexFormat.of();

  private OneLine() {}

  static String of(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.strip().codePoints().forEach(point -> append(line, point));
    return line.toString();
  }

  private static void append(StringBuilder line, int point) {
    int type = Character.getType(point);
    if (point == '\n' || point == '\r' || point == '\t') {
      if (!line.toString().endsWith(" ")) {
        line.append(' ');
      }
    } else if (Character.isISOControl(point)) {
      line.append("\\x").append(HEX.toHexDigits((byte) point));
    } else if (type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE) {
      line.append("\\u{").append(Integer.toHexString(point)).append('}');
    } else {
      line.appendCodePoint(point);
    }
  }
}
