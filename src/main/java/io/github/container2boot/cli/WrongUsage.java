package io.github.container2boot.cli;

/// The command line is well-formed, but asks for what cannot be.
final class WrongUsage extends Exception {
  WrongUsage(String message) {
    super(message);
  }

  WrongUsage(String message, Throwable cause) {
    super(message, cause);
  }
}
