package io.github.container2boot.cli;

import io.github.container2boot.build.BuildPlan.BootSettings;
import io.github.container2boot.build.KernelChoice;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.ArgGroupSpec;

/// Which of an image's kernels boots, and what it is told.
final class KernelOptions {
  private final Option<List<String>> append;
  private final Option<KernelChoice> kernel =
      Option.of(new Converters.Kernel(), new KernelChoice.Newest(), "--kernel")
          .label("VERSION")
          .describe("Which kernel, if the image has several. [newest]");
  private final Option<Boolean> force =
      Option.flag("--force")
          .describe("Go on although the initrd does not look as if it could boot a live root.");

  KernelOptions() {
    this("");
  }

  /// @param usual what there is without `--append`; may be empty
  KernelOptions(String usual) {
    this.append =
        Option.list(new Converters.KernelArguments(), "--append")
            .label("ARGS")
            .describe("Kernel arguments to add (repeatable)." + usual);
  }

  /// @param own what the command has beside them
  ArgGroupSpec group(String heading, Option<?>... own) {
    List<Option<?>> options = new ArrayList<>(List.of(append, kernel, force));
    options.addAll(List.of(own));
    return Commands.group(heading, options);
  }

  /// The kernel arguments that are to be added.
  List<String> arguments() {
    return append.value();
  }

  /// Whether to go on with an initrd that does not look right.
  boolean force() {
    return force.value();
  }

  BootSettings settings(boolean keepFallback) {
    return settings(arguments(), keepFallback);
  }

  /// With other arguments than those of the options.
  BootSettings settings(List<String> arguments, boolean keepFallback) {
    return new BootSettings(kernel.value(), arguments, keepFallback, force.value());
  }
}
