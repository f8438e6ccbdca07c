package io.github.container2boot.cli;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.BuildPlan.DiskSettings;
import io.github.container2boot.build.BuildPlan.RootSettings;
import io.github.container2boot.build.CompressionChoice;
import io.github.container2boot.build.DiskSize;
import io.github.container2boot.build.OutputFormat;
import io.github.container2boot.oci.Platform;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.run.Accelerator;
import io.github.container2boot.source.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/// How `run` builds what it is to boot, and for which architecture.
final class RunBuild {
  private static final String SERIAL_CONSOLE = "console=ttyS0";

  private final KernelOptions kernel =
      new KernelOptions(
          " [" + SERIAL_CONSOLE + " on x86_64, unless there is another console or --display]");
  private final Option<Integer> sectorSizeBytes =
      Option.of(new Converters.SectorSize(), 512, "--sector-size")
          .label("N")
          .describe("Of a disk that is made first: 512 or 4096. [512]");
  private final Option<String> rootLabel =
      Option.of(new Converters.Label(), "C2BOOT", "--rootlabel")
          .label("NAME")
          .describe("GPT partition label the root is found by. [C2BOOT]");
  private final SourceOptions sourceOptions = new SourceOptions();
  private final CacheOptions cache = new CacheOptions();

  private final Console console;

  RunBuild(Console console) {
    this.console = console;
  }

  void addTo(CommandSpec command) {
    command
        .addArgGroup(kernel.group("Build, of a SOURCE", sectorSizeBytes, rootLabel))
        .addArgGroup(sourceOptions.group())
        .addArgGroup(cache.group());
  }

  boolean force() {
    return kernel.force();
  }

  /// @param asked the architecture that was asked for
  /// @param serial whether the serial port is watched
  BuildPlan plan(String image, Path directory, Optional<Architecture> asked, boolean serial)
      throws WrongUsage {
    try {
      return new BuildPlan(
          Source.parse(image, console.in()),
          sourceOptions.settings(console.environment()),
          platform(asked),
          directory,
          List.of(new OutputFormat.Disk()),
          new RootSettings(
              new CompressionChoice.Automatic(), RootSettings.USUAL_BLOCK_SIZE_BYTES, false),
          kernel.settings(kernelArguments(asked, serial), false),
          diskSettings(),
          SourceDateEpoch.of(console.environment()),
          cache.choice(console.environment()),
          Runtime.getRuntime().availableProcessors());
    } catch (SourceException wrong) {
      throw new WrongUsage(Remedies.describe(wrong), wrong);
    }
  }

  DiskSettings diskSettings() {
    return new DiskSettings(new DiskSize.Automatic(), sectorSizeBytes.value(), rootLabel.value());
  }

  private Optional<Platform> platform(Optional<Architecture> asked) {
    return sourceOptions
        .platform()
        .or(() -> asked.map(known -> Platform.parse("linux/" + known.containerName())));
  }

  /// What an image will be for, before it is known.
  Optional<Architecture> architecture(Optional<Architecture> asked) {
    return asked.or(() ->
        sourceOptions.platform().isPresent()
            ? ofPlatform(sourceOptions.platform().get())
            : Accelerator.ofThisMachine());
  }

  private static Optional<Architecture> ofPlatform(Platform platform) {
    for (Architecture known : Architecture.values()) {
      if (known.containerName().equals(platform.architecture())) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  /// A PC's kernel has to be told of the serial port; elsewhere the firmware tells it.
  List<String> kernelArguments(Optional<Architecture> asked, boolean serial) {
    List<String> arguments = new ArrayList<>(kernel.arguments());
    boolean told = arguments.stream().anyMatch(words -> words.contains("console="));
    boolean ofPc = architecture(asked).equals(Optional.of(Architecture.X86_64));
    if (serial && !told && ofPc) {
      arguments.add(SERIAL_CONSOLE);
    }
    return arguments;
  }
}
