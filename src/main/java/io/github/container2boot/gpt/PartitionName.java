package io.github.container2boot.gpt;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// A partition's label, what Linux calls PARTLABEL: at most 36 UTF-16 code units, little-endian,
/// filled with zeros.
public record PartitionName(String text) {
  public static final int SIZE = 72;

  /// The longest label.
  public static final int MOST_CODE_UNITS = SIZE / 2;

  /// @throws IllegalArgumentException if the name is too long or holds a NUL; [#of] says it by type
  public PartitionName {
    if (!problem(text).isEmpty()) {
      throw new IllegalArgumentException("partition name \"" + text + "\" " + problem(text));
    }
  }

  public static PartitionName of(String text) throws GptException {
    if (!problem(text).isEmpty()) {
      throw new GptException(new GptException.NameNotRepresentable(text, problem(text)));
    }
    return new PartitionName(text);
  }

  private static String problem(String text) {
    if (text.length() > MOST_CODE_UNITS) {
      return "has %d UTF-16 code units: a GPT label has at most %d"
          .formatted(text.length(), MOST_CODE_UNITS);
    }
    return text.indexOf('\0') >= 0 ? "holds a NUL" : "";
  }

  void writeTo(ByteWriter target) {
    text.chars().forEach(target::u16);
    target.zeros(SIZE - 2 * text.length());
  }

  static PartitionName readFrom(ByteReader source) throws FormatException {
    StringBuilder text = new StringBuilder(MOST_CODE_UNITS);
    for (int index = 0; index < MOST_CODE_UNITS; index++) {
      text.append((char) source.u16());
    }
    int end = text.indexOf("\0");
    return new PartitionName(end < 0 ? text.toString() : text.substring(0, end));
  }

  /// The name for people, without anything that could move a cursor.
  @Override
  public String toString() {
    return ByteString.utf8(text).toString();
  }
}
