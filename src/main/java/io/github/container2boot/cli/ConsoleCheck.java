package io.github.container2boot.cli;

import io.github.container2boot.run.ConsoleWatch;
import io.github.container2boot.run.Emulator;
import io.github.container2boot.run.RunException;
import io.github.container2boot.run.VirtualMachine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// Boots a machine until its console shows something.
///
/// @param patience how long that may take
/// @param log where all that it shows is also written
record ConsoleCheck(Console console, Pattern expected, Duration patience, Optional<Path> log) {
  static final Duration USUAL_PATIENCE = Duration.ofMinutes(10);

  /// Says when it was seen.
  ///
  /// @param program the emulator
  /// @throws RunException if it is not seen; the last lines have been shown then
  void run(Path program, VirtualMachine machine) throws Exception {
    long began = console.nanoTime().getAsLong();
    try (OutputStream kept = openLog()) {
      await(program, machine, kept, began);
    } catch (RunException failed) {
      showLastLines(failed.problem());
      throw failed;
    }
    console
        .out()
        .println(
            "\"%s\" seen after %s"
                .formatted(OneLine.of(expected.pattern()), Durations.shown(since(began))));
  }

  private OutputStream openLog() throws IOException {
    return log.isPresent() ? Files.newOutputStream(log.get()) : OutputStream.nullOutputStream();
  }

  private void await(Path program, VirtualMachine machine, OutputStream kept, long began)
      throws Exception {
    ConsoleWatch watch;
    boolean seen;
    boolean off;
    String words = "";
    try (Emulator emulator = Emulator.start(program, machine, console.environment())) {
      watch = ConsoleWatch.start(emulator.console(), kept, expected);
      seen = watch.await(patience);
      off = watch.hasEnded();
      if (!seen && off) {
        emulator.awaitEnd();
        // a signal from elsewhere is an end without an error, too
        words = emulator.lastWords();
      }
    }
    watch.finish();
    if (!seen) {
      throw notSeen(watch, since(began), off ? Optional.of(words) : Optional.empty());
    }
  }

  private Duration since(long began) {
    return Duration.ofNanos(console.nanoTime().getAsLong() - began);
  }

  private RunException notSeen(ConsoleWatch watch, Duration passed, Optional<String> lastWords) {
    String time = Durations.shown(passed);
    String why =
        lastWords
            .map(words ->
                words.isEmpty()
                    ? "the machine went off after " + time
                    : "the machine went off after %s (%s)".formatted(time, words))
            .orElse(time + " have passed");
    return new RunException(new RunException.NotSeen(expected.pattern(), why, watch.lastLines()));
  }

  private void showLastLines(RunException.Problem problem) {
    if (problem instanceof RunException.NotSeen notSeen) {
      notSeen.lastLines().forEach(line -> console.err().println("  " + OneLine.of(line)));
    }
  }
}
