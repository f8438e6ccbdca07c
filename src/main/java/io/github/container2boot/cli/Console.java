package io.github.container2boot.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What the command sees of the process it runs in.
///
/// @param terminal how many columns the terminal behind `err` has, if it is one
/// @param nanoTime a clock that only knows differences
record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Supplier<Optional<IntSupplier>> terminal,
    LongSupplier nanoTime) {
  static Console ofThisProcess() {
    return ofThisProcess(System.getenv());
  }

  static Console ofThisProcess(Map<String, String> environment) {
    return new Console(
        System.in,
        System.out,
        System.err,
        environment,
        () -> Terminal.find(environment).map(terminal -> terminal::columns),
        System::nanoTime);
  }

  /// How a terminal wants its lines. NO_COLOR with any value but the empty one means none.
  StageLine.Style style() {
    boolean colour = environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new StageLine.Style(colour, err.charset().equals(StandardCharsets.UTF_8));
  }
}
