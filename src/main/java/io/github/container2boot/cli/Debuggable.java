package io.github.container2boot.cli;

/// A command with the option `--debug`.
interface Debuggable {
  /// Whether errors are wanted with their stack traces.
  boolean debug();
}
