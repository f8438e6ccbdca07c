package io.github.container2boot.cli;

import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.BuildPlan.BootSettings;
import io.github.container2boot.build.BuildPlan.DiskSettings;
import io.github.container2boot.build.BuildPlan.RootSettings;
import io.github.container2boot.build.CacheChoice;
import io.github.container2boot.build.CompressionChoice;
import io.github.container2boot.build.DiskSize;
import io.github.container2boot.build.EspDiskBuilder;
import io.github.container2boot.build.KernelChoice;
import io.github.container2boot.build.Manifest;
import io.github.container2boot.build.Output;
import io.github.container2boot.build.OutputFormat;
import io.github.container2boot.directory.DirectoryException;
import io.github.container2boot.oci.RootDirectory;
import io.github.container2boot.source.Source;
import io.github.container2boot.source.SourceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/// `rootbuilder`: the command of the container of that name, with the options, places and defaults
/// of the original's.
///
/// It makes `esp/` of the image mounted at `/rootfs`, and with `--diskimage` a disk of what is in
/// `esp/`, which may have been made before and changed since.
final class RootbuilderCommand implements Callable<Integer> {
  private static final long SIZE_UNIT_BYTES = 4096;

  /// More than there are disks.
  private static final long MOST_SIZE_BYTES = 1L << 62;

  private static final OutputFormat ESP = new OutputFormat.Esp();
  private static final OutputFormat DISK = new OutputFormat.Disk();

  private final Option<Boolean> esp =
      Option.flag("--esp")
          .describe(
              "Make esp/, even if there is one: the files of an EFI system partition, with kernel, initrd and root in its directory container2boot. [if there is none]");
  private final Option<Boolean> diskImage =
      Option.flag("--diskimage")
          .describe("Make disk.img, a GPT disk image, of what is in esp/, as it is.");

  private final Option<List<String>> append =
      Option.list(new Converters.KernelArguments(), "--append")
          .label("ARGS")
          .describe("Kernel arguments to add (repeatable).");
  private final Option<String> rootLabel =
      Option.of(new Converters.Label(), "C2BOOT", "--rootlabel")
          .label("NAME")
          .describe("GPT partition label the root is found by. [C2BOOT]");

  private final Option<Integer> sectorSizeBytes =
      Option.of(new Converters.SectorSize(), 512, "--sector-size")
          .label("N")
          .describe("512 or 4096. [512]");
  private final Option<DiskSize> size =
      Option.of(new Converters.Size(), new DiskSize.Automatic(), "--size")
          .label("SIZE")
          .describe(
              "The whole disk, with K, M, G or T, rounded up to 4096 bytes, or auto: as small as its content. [auto]");

  private final Option<Path> input =
      Option.of(Path.of("/rootfs"), "-i", "--input")
          .label("DIR")
          .describe("Where the image is mounted. [/rootfs]");
  private final Option<Path> output =
      Option.of(Path.of("/out"), "-o", "--output")
          .label("DIR")
          .describe("Where outputs go. [/out]");

  private final Console console;
  private final BuildCommand.Builder builder;

  RootbuilderCommand(Console console, BuildCommand.Builder builder) {
    this.console = console;
    this.builder = builder;
  }

  CommandSpec specification() {
    CommandSpec command =
        Commands.of(
            this, "Make the image mounted at /rootfs bootable, in the rootbuilder container.");
    command
        .usageMessage()
        .hidden(true)
        .customSynopsis("rootbuilder [OPTIONS]")
        .sortOptions(false)
        .footerHeading("%nExample:%n")
        .footer(
            "  podman run --rm \\",
            "    --mount=type=image,source=localhost/machine,target=/rootfs \\",
            "    --volume ./out:/out:rw localhost/container2boot/rootbuilder \\",
            "    @|bold rootbuilder --diskimage --append console=ttyS0|@");
    return command
        .addArgGroup(Commands.group("What to make", esp, diskImage))
        .addArgGroup(Commands.group("System", append, rootLabel))
        .addArgGroup(Commands.group("Disk", sectorSizeBytes, size))
        .addArgGroup(Commands.group("Directories", input, output))
        .addArgGroup(Commands.group("General", Option.help(), Option.version()));
  }

  @Override
  public Integer call() throws Exception {
    boolean reuse = !esp.value() && EspDiskBuilder.hasEsp(output.value());
    if (!reuse) {
      requireInput();
    }
    requireOutput();
    if (!reuse) {
      buildFromImage();
    } else if (diskImage.value()) {
      buildFromEsp();
    } else {
      console
          .out()
          .println(
              "%s is there already: --esp makes it anew, --diskimage makes a disk of it"
                  .formatted(output.value().resolve(ESP.fileName())));
    }
    return 0;
  }

  private void requireInput() throws IOException {
    Path directory = input.value();
    if (!RootDirectory.isIn(directory)) {
      throw new IOException(
          "%s: there is no image; mount one with --mount=type=image,source=IMAGE,target=%s"
              .formatted(directory, directory));
    }
  }

  /// What is written into a container is gone with it.
  private void requireOutput() throws IOException {
    Path directory = output.value();
    boolean lost =
        console.environment().containsKey("container") && !Mounts.ofThisProcess().holds(directory);
    if (lost) {
      throw new IOException(
          "%s: nothing is mounted there to keep what is made; mount a directory with --volume ./out:%s:rw"
              .formatted(directory, directory));
    }
    if (Files.exists(directory) && !Files.isWritable(directory)) {
      throw new IOException(
          "%s: no permission to write; mount a directory of this user, as with --volume ./out:%s:rw,U, or run the container as its root"
              .formatted(directory, directory));
    }
  }

  private void buildFromImage() throws Exception {
    try {
      build(diskImage.value() ? List.of(DISK, ESP) : List.of(ESP));
    } catch (DirectoryException failed) {
      throw failed.problem() instanceof DirectoryException.NotPermitted problem
          ? new IOException(problem.message() + "; run the container as its root", failed)
          : failed;
    }
  }

  private void build(List<OutputFormat> formats) throws Exception {
    BuildPlan plan = plan(formats);
    Manifest manifest;
    try (ProgressDisplay display = display();
        Interruption _ = Interruption.watch(display, console.err())) {
      manifest = builder.build(plan, display);
    }
    Summary.ofOutputs(plan, manifest).forEach(console.out()::println);
  }

  private BuildPlan plan(List<OutputFormat> formats) throws WrongUsage {
    return new BuildPlan(
        new Source.RootFilesystem(input.value()),
        SourceSettings.none(),
        Optional.empty(),
        output.value(),
        formats,
        new RootSettings(
            new CompressionChoice.Automatic(), RootSettings.USUAL_BLOCK_SIZE_BYTES, false),
        new BootSettings(new KernelChoice.Newest(), append.value(), false, false),
        diskSettings(),
        SourceDateEpoch.of(console.environment()),
        new CacheChoice.None(),
        Runtime.getRuntime().availableProcessors());
  }

  private void buildFromEsp() throws Exception {
    try (ProgressDisplay display = display();
        Interruption _ = Interruption.watch(display, console.err())) {
      if (!append.value().isEmpty()) {
        display.warning(
            "--append: the kernel arguments in %s stay as they are; --esp makes it anew"
                .formatted(output.value().resolve(ESP.fileName())));
      }
      Output disk = new EspDiskBuilder(output.value(), diskSettings(), display).build();
      console
          .out()
          .println(Summary.made(output.value().resolve(disk.path()).toString(), disk.sizeBytes()));
    }
  }

  private ProgressDisplay display() {
    return ProgressDisplay.open(ProgressDisplay.Mode.AUTO, console, false);
  }

  private DiskSettings diskSettings() {
    return new DiskSettings(wholeUnits(size.value()), sectorSizeBytes.value(), rootLabel.value());
  }

  private static DiskSize wholeUnits(DiskSize size) {
    return switch (size) {
      case DiskSize.Automatic automatic -> automatic;
      case DiskSize.Exactly(long bytes) ->
          new DiskSize.Exactly(
              Math.ceilDiv(Math.min(bytes, MOST_SIZE_BYTES), SIZE_UNIT_BYTES) * SIZE_UNIT_BYTES);
    };
  }
}
