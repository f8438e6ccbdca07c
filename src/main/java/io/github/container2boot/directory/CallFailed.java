package io.github.container2boot.directory;

/// A call of the operating system failed. Who made it knows what that means.
final class CallFailed extends Exception {
  static final int NOT_PERMITTED = 1;
  static final int NOT_FOUND = 2;
  static final int INTERRUPTED = 4;
  static final int INPUT_OUTPUT = 5;
  static final int NO_SUCH_OFFSET = 6;
  static final int ACCESS_DENIED = 13;
  static final int NOT_A_DIRECTORY = 20;
  static final int TOO_MANY_OPEN = 24;
  static final int NAME_TOO_LONG = 36;
  static final int NOT_IMPLEMENTED = 38;
  static final int SYMBOLIC_LINK = 40;
  static final int NO_DATA = 61;
  static final int NOT_SUPPORTED = 95;
  static final int STALE = 116;

  private final int number;

  CallFailed(int number) {
    super("error " + number, null, false, false);
    this.number = number;
  }

  /// The error's number, errno(3).
  int number() {
    return number;
  }

  /// What the number says, for people.
  String reason() {
    return switch (number) {
      case INPUT_OUTPUT -> "input/output error";
      case TOO_MANY_OPEN -> "too many open files";
      case NAME_TOO_LONG -> "its path is too long";
      case NOT_IMPLEMENTED -> "this kernel is too old";
      default -> "error " + number + " of the operating system";
    };
  }
}
