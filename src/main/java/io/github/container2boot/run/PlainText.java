package io.github.container2boot.run;

/// What a terminal shows, as text alone: escape sequences (ECMA-48) and carriage returns are left
/// out, however the text is cut into pieces.
final class PlainText {
  private static final char ESCAPE = 0x1b;
  private static final char BELL = 0x07;

  private enum State {
    TEXT,
    AFTER_ESCAPE,
    /// A control sequence: parameters and intermediates, until a final byte.
    CONTROL,
    /// A command string, as for the window's title, until BEL or ESC and a backslash.
    STRING,
    STRING_AFTER_ESCAPE
  }

  private State state = State.TEXT;

  /// Appends what is text in `piece`.
  void append(CharSequence piece, StringBuilder text) {
    for (int i = 0; i < piece.length(); i++) {
      append(piece.charAt(i), text);
    }
  }

  private void append(char next, StringBuilder text) {
    switch (state) {
      case TEXT -> text(next, text);
      case AFTER_ESCAPE -> afterEscape(next);
      case CONTROL -> control(next);
      case STRING -> {
        if (next == BELL) {
          state = State.TEXT;
        } else if (next == ESCAPE) {
          state = State.STRING_AFTER_ESCAPE;
        }
      }
      case STRING_AFTER_ESCAPE -> state = next == '\\' ? State.TEXT : State.STRING;
    }
  }

  private void text(char next, StringBuilder text) {
    if (next == ESCAPE) {
      state = State.AFTER_ESCAPE;
    } else if (next == '\n' || next == '\t' || !Character.isISOControl(next)) {
      text.append(next);
    }
  }

  private void afterEscape(char next) {
    state =
        switch (next) {
          case '[' -> State.CONTROL;
          case ']', 'P', 'X', '^', '_' -> State.STRING;
          case ESCAPE -> State.AFTER_ESCAPE;
          // intermediates of a short sequence, as in ESC ( B
          default -> next >= 0x20 && next < 0x30 ? State.AFTER_ESCAPE : State.TEXT;
        };
  }

  private void control(char next) {
    if (next == ESCAPE) {
      state = State.AFTER_ESCAPE;
    } else if (next >= 0x40) {
      state = State.TEXT;
    }
  }
}
