package io.github.container2boot.compress;

/// Method handles may throw anything; calls of C functions throw nothing of their own.
final class NativeCalls {
  private NativeCalls() {}

  static RuntimeException unchecked(Throwable thrown) {
    return switch (thrown) {
      case Error error -> throw error;
      case RuntimeException unchecked -> unchecked;
      default -> new IllegalStateException(thrown);
    };
  }
}
