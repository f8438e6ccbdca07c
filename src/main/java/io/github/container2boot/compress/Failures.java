package io.github.container2boot.compress;

/// What libraries say, for people.
final class Failures {
  private Failures() {}

  static String describe(Exception failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }
}
