package io.github.container2boot.build;

import java.util.Collection;
import java.util.function.BiConsumer;

/// Writes JSON (RFC 8259), two spaces an indentation, members in the order in which they are told.
///
/// This is all that the manifest needs of JSON; reading it is the work of the `oci` package, which
/// alone knows the JSON library.
final class JsonWriter {
  private final StringBuilder text = new StringBuilder(4096);
  private int depth;
  private boolean first = true;

  /// One object, its members told by `members`.
  static String object(Members members) {
    JsonWriter writer = new JsonWriter();
    writer.enclosed('{', '}', members);
    return writer.text.append('\n').toString();
  }

  JsonWriter member(String name, String value) {
    key(name).string(value);
    return this;
  }

  JsonWriter member(String name, long value) {
    key(name).text.append(value);
    return this;
  }

  JsonWriter member(String name, boolean value) {
    key(name).text.append(value);
    return this;
  }

  JsonWriter member(String name, Members members) {
    return key(name).enclosed('{', '}', members);
  }

  /// An array with an object for each of `elements`.
  <T> JsonWriter members(
      String name, Collection<T> elements, BiConsumer<JsonWriter, T> objectMembers) {
    return key(name)
        .enclosed(
            '[',
            ']',
            array ->
                elements.forEach(element ->
                    array
                        .separated()
                        .enclosed('{', '}', object -> objectMembers.accept(object, element))));
  }

  JsonWriter strings(String name, Collection<String> elements) {
    return key(name)
        .enclosed(
            '[', ']', array -> elements.forEach(element -> array.separated().string(element)));
  }

  private JsonWriter key(String name) {
    separated().string(name);
    text.append(": ");
    return this;
  }

  private JsonWriter enclosed(char open, char close, Members inside) {
    text.append(open);
    depth++;
    first = true;
    inside.tell(this);
    depth--;
    if (!first) {
      newLine();
    }
    first = false;
    text.append(close);
    return this;
  }

  private JsonWriter separated() {
    if (!first) {
      text.append(',');
    }
    first = false;
    newLine();
    return this;
  }

  private void newLine() {
    text.append('\n').repeat("  ", depth);
  }

  private void string(String value) {
    text.append('"');
    for (int index = 0; index < value.length(); index++) {
      character(value, index);
    }
    text.append('"');
  }

  private void character(String value, int index) {
    char character = value.charAt(index);
    switch (character) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        if (character < 0x20 || character == 0x7f || isLoneSurrogate(value, index)) {
          text.append("\\u%04x".formatted((int) character));
        } else {
          text.append(character);
        }
      }
    }
  }

  /// Half of a pair cannot be written as UTF-8.
  private static boolean isLoneSurrogate(String value, int index) {
    char character = value.charAt(index);
    if (Character.isHighSurrogate(character)) {
      return index + 1 == value.length() || !Character.isLowSurrogate(value.charAt(index + 1));
    }
    return Character.isLowSurrogate(character)
        && (index == 0 || !Character.isHighSurrogate(value.charAt(index - 1)));
  }

  /// Tells a writer what an object holds.
  @FunctionalInterface
  interface Members {
    void tell(JsonWriter writer);
  }
}
