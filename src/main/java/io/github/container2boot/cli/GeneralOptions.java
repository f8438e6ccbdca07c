package io.github.container2boot.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.ArgGroupSpec;

/// What every command has that is busy for a while: how it shows that, and how much it says.
final class GeneralOptions {
  private final Option<ProgressDisplay.Mode> progress =
      Option.of(new Converters.Progress(), ProgressDisplay.Mode.AUTO, "--progress")
          .label("MODE")
          .describe(
              "auto: a live display on a terminal, else lines; plain: lines; none: warnings only. [auto]");
  private final Option<Boolean> verbose;
  private final Option<Boolean> debug =
      Option.flag("--debug").describe("Show where in the program an error arose.");

  GeneralOptions() {
    this("Say more about what is found and done.");
  }

  /// @param more what `--verbose` adds
  GeneralOptions(String more) {
    this.verbose = Option.flag("-v", "--verbose").describe(more);
  }

  /// @param own what the command has beside them
  ArgGroupSpec group(Option<?>... own) {
    List<Option<?>> options = new ArrayList<>(List.of(own));
    options.addAll(List.of(progress, verbose, debug, Option.help(), Option.version()));
    return Commands.group("General", options);
  }

  ProgressDisplay openDisplay(Console console) {
    return ProgressDisplay.open(progress.value(), console, verbose.value());
  }

  boolean verbose() {
    return verbose.value();
  }

  boolean debug() {
    return debug.value();
  }
}
