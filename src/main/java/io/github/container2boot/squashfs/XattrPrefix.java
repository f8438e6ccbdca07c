package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteString;
import java.util.Optional;

/// The namespaces of extended attributes the format knows, by their numbers; names are stored
/// without them.
enum XattrPrefix {
  USER(0, "user."),
  TRUSTED(1, "trusted."),
  SECURITY(2, "security.");

  private final int number;
  private final String text;

  XattrPrefix(int number, String text) {
    this.number = number;
    this.text = text;
  }

  static Optional<XattrPrefix> of(ByteString name) {
    for (XattrPrefix prefix : values()) {
      if (name.startsWith(prefix.text())) {
        return Optional.of(prefix);
      }
    }
    return Optional.empty();
  }

  static Optional<XattrPrefix> ofNumber(int number) {
    for (XattrPrefix prefix : values()) {
      if (prefix.number == number) {
        return Optional.of(prefix);
      }
    }
    return Optional.empty();
  }

  int number() {
    return number;
  }

  ByteString text() {
    return ByteString.utf8(text);
  }

  ByteString without(ByteString name) {
    return name.substring(text.length());
  }
}
