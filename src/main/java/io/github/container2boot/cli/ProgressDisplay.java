package io.github.container2boot.cli;

import io.github.container2boot.build.Progress;
import java.util.Optional;
import java.util.function.IntSupplier;

/// Shows a person how far a build is, on standard error, until it is closed.
sealed interface ProgressDisplay extends Progress, AutoCloseable
    permits LiveProgress, PlainProgress, QuietProgress {
  /// What the user wants to see.
  enum Mode {
    /// A live display on a terminal, lines elsewhere.
    AUTO,
    PLAIN,
    /// Nothing but warnings.
    NONE
  }

  @Override
  void close();

  static ProgressDisplay open(Mode mode, Console console, boolean verbose) {
    return switch (mode) {
      case AUTO -> automatic(console, verbose);
      case PLAIN -> new PlainProgress(console.err(), console.nanoTime(), verbose);
      case NONE -> new QuietProgress(console.err(), verbose);
    };
  }

  private static ProgressDisplay automatic(Console console, boolean verbose) {
    Optional<IntSupplier> columns = console.terminal().get();
    return columns.isPresent()
        ? new LiveProgress(
                console.err(), columns.get(), console.nanoTime(), console.style(), verbose)
            .start()
        : new PlainProgress(console.err(), console.nanoTime(), verbose);
  }
}
