package io.github.container2boot.bytes;

/// Text from outside, made fit for a one-line message.
public final class Shown {
  private static final int MAX_CHARACTERS = 200;

  private Shown() {}

  /// `text` with whatever could move a cursor or break a line escaped, and not too long.
  public static String text(String text) {
    boolean cut = text.length() > MAX_CHARACTERS;
    String shown = ByteString.utf8(cut ? text.substring(0, MAX_CHARACTERS) : text).toString();
    return cut ? shown + "…" : shown;
  }
}
