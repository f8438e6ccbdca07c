package io.github.container2boot.cli;

import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.BuildPlan.DiskSettings;
import io.github.container2boot.build.BuildPlan.RootSettings;
import io.github.container2boot.build.CompressionChoice;
import io.github.container2boot.build.DiskSize;
import io.github.container2boot.build.Manifest;
import io.github.container2boot.build.OutputFormat;
import io.github.container2boot.build.Progress;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.source.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// `container2boot build`: its options, and a plan of what they ask for.
final class BuildCommand implements Callable<Integer>, Debuggable {
  static final String SOURCES =
      "The image: a NAME, looked for in podman, then docker, then as one in a registry; or where it is: containers-storage:NAME (podman), docker-daemon:NAME, docker://REGISTRY/NAME[:TAG], oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:REF], dir:DIR, rootfs:DIR; a FILE or DIR, told by its content: OCI layout, directory of skopeo, OCI or docker archive, root file system in a directory or a tarball (also .gz, .xz, .zst); or - (standard input).";

  private final Option<Path> directory =
      Option.of(Path.of("out"), "-o", "--output").label("DIR").describe("Where outputs go. [out]");
  private final Option<List<OutputFormat>> formats =
      Option.list(new Converters.Format(), "-f", "--format")
          .commas()
          .label("LIST")
          .describe(
              "What to make, several by comma or repeated. [disk]",
              "disk: disk.img, a GPT disk image",
              "esp: esp/, the files of an EFI system partition");

  private final Option<DiskSize> size =
      Option.of(new Converters.Size(), new DiskSize.Automatic(), "--size")
          .label("SIZE")
          .describe("The whole disk, with K, M, G or T, or auto: as small as its content. [auto]");
  private final Option<Integer> sectorSizeBytes =
      Option.of(new Converters.SectorSize(), 512, "--sector-size")
          .label("N")
          .describe("512 or 4096. [512]");
  private final Option<String> rootLabel =
      Option.of(new Converters.Label(), "C2BOOT", "--rootlabel")
          .label("NAME")
          .describe("GPT partition label the root is found by. [C2BOOT]");

  private final Option<CompressionChoice> compression =
      Option.of(new Converters.Compression(), new CompressionChoice.Automatic(), "--compression")
          .label("C[:L]")
          .describe(
              "zstd, gzip, xz, lz4 or lzo, and the level. [what the image's kernel can read; zstd:6]");
  private final Option<Integer> blockSizeBytes =
      Option.of(new Converters.BlockSize(), RootSettings.USUAL_BLOCK_SIZE_BYTES, "--block-size")
          .label("N")
          .describe("SquashFS block, 4K to 1M. [128K]");
  private final Option<Boolean> keepInitrd =
      Option.flag("--keep-initrd")
          .describe("Also leave the initrd inside the root. [it is on the ESP; left out]");

  private final KernelOptions kernel = new KernelOptions();
  private final Option<Boolean> keepFallback =
      Option.flag("--keep-fallback")
          .describe(
              "Keep shim's fallback loader, which writes boot entries into the NVRAM of the machine. [left out]");

  private final Option<Integer> threads =
      Option.of(new Converters.Threads(), Runtime.getRuntime().availableProcessors(), "--threads")
          .label("N")
          .describe("How many threads compress; the outputs do not depend on it. [all processors]");

  private final GeneralOptions general = new GeneralOptions();
  private final SourceOptions sourceOptions = new SourceOptions();
  private final CacheOptions cache = new CacheOptions();

  private String source = "";
  private final Console console;
  private final Builder builder;

  BuildCommand(Console console, Builder builder) {
    this.console = console;
    this.builder = builder;
  }

  /// Carries out a plan.
  @FunctionalInterface
  interface Builder {
    Manifest build(BuildPlan plan, Progress progress) throws Exception;
  }

  CommandSpec specification() {
    CommandSpec command =
        Commands.of(
            this, "Make a bootable disk image, or the files of one, from a container image.");
    command
        .usageMessage()
        .customSynopsis("container2boot build [OPTIONS] SOURCE")
        .sortOptions(false)
        .footerHeading("%nExamples:%n")
        .footer(
            "  @|bold container2boot build localhost/machine|@",
            "  @|bold container2boot build machine.tar|@",
            "  @|bold container2boot build -f esp -o stick --append console=ttyS0 machine.tar|@",
            "",
            "SOURCE_DATE_EPOCH, if set, replaces the time at which the image was created.");
    return command
        .addPositional(sourceParameter())
        .addArgGroup(Commands.group("Outputs", directory, formats))
        .addArgGroup(Commands.group("Disk", size, sectorSizeBytes, rootLabel))
        .addArgGroup(Commands.group("Root file system", compression, blockSizeBytes, keepInitrd))
        .addArgGroup(kernel.group("Boot", keepFallback))
        .addArgGroup(sourceOptions.group())
        .addArgGroup(cache.group())
        .addArgGroup(general.group(threads));
  }

  private PositionalParamSpec sourceParameter() {
    return PositionalParamSpec.builder()
        .index("0")
        .required(true)
        .paramLabel("SOURCE")
        .arity("1")
        .converters(text -> {
          source = text;
          return text;
        })
        .description(SOURCES)
        .build();
  }

  @Override
  public Integer call() throws Exception {
    BuildPlan plan = plan();
    Manifest manifest = build(plan);
    Summary.of(plan, manifest).forEach(console.out()::println);
    return 0;
  }

  private Manifest build(BuildPlan plan) throws Exception {
    try (ProgressDisplay display = general.openDisplay(console);
        Interruption _ = Interruption.watch(display, console.err())) {
      return builder.build(plan, display);
    }
  }

  @Override
  public boolean debug() {
    return general.debug();
  }

  private BuildPlan plan() throws WrongUsage {
    try {
      return new BuildPlan(
          Source.parse(source, console.in()),
          sourceOptions.settings(console.environment()),
          sourceOptions.platform(),
          directory.value(),
          formats.value().isEmpty() ? List.of(new OutputFormat.Disk()) : formats.value(),
          new RootSettings(compression.value(), blockSizeBytes.value(), keepInitrd.value()),
          kernel.settings(keepFallback.value()),
          diskSettings(),
          SourceDateEpoch.of(console.environment()),
          cache.choice(console.environment()),
          threads.value());
    } catch (SourceException wrong) {
      throw new WrongUsage(Remedies.describe(wrong), wrong);
    } catch (IllegalArgumentException wrong) {
      throw new WrongUsage(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private DiskSettings diskSettings() {
    if (size.value() instanceof DiskSize.Exactly exactly
        && exactly.sizeBytes() % sectorSizeBytes.value() != 0) {
      throw new IllegalArgumentException(
          "--size: %d bytes are no whole number of sectors of %d bytes"
              .formatted(exactly.sizeBytes(), sectorSizeBytes.value()));
    }
    return new DiskSettings(size.value(), sectorSizeBytes.value(), rootLabel.value());
  }
}
