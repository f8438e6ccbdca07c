package io.github.container2boot.cli;

import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.BuildPlan.BootSettings;
import io.github.container2boot.build.BuildPlan.DiskSettings;
import io.github.container2boot.build.BuildPlan.RootSettings;
import io.github.container2boot.build.CompressionChoice;
import io.github.container2boot.build.DiskSize;
import io.github.container2boot.build.KernelChoice;
import io.github.container2boot.build.Manifest;
import io.github.container2boot.build.OutputFormat;
import io.github.container2boot.build.Progress;
import io.github.container2boot.oci.Platform;
import io.github.container2boot.oci.Source;
import io.github.container2boot.oci.SourceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `container2boot build`: its options, and a plan of what they ask for.
@Command(
    name = "build",
    description = "Make a bootable disk image, or the files of one, from a container image.",
    customSynopsis = "container2boot build [OPTIONS] SOURCE",
    versionProvider = Container2Boot.Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  podman save --format oci-archive -o machine.tar localhost/machine",
      "  @|bold container2boot build machine.tar|@",
      "  @|bold container2boot build -f esp -o stick --append console=ttyS0 machine.tar|@",
      "",
      "SOURCE_DATE_EPOCH, if set, replaces the time at which the image was created."
    })
final class BuildCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "SOURCE",
      description =
          "The image: oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:REF]; a FILE or DIR, told by its content: OCI layout, OCI or docker archive, root file system tarball (also .gz, .xz, .zst); or - (standard input).")
  private String source = "";

  @ArgGroup(validate = false, heading = "%nOutputs:%n")
  private OutputOptions output = new OutputOptions();

  @ArgGroup(validate = false, heading = "%nDisk:%n")
  private DiskOptions disk = new DiskOptions();

  @ArgGroup(validate = false, heading = "%nRoot file system:%n")
  private RootOptions root = new RootOptions();

  @ArgGroup(validate = false, heading = "%nBoot:%n")
  private BootOptions boot = new BootOptions();

  @ArgGroup(validate = false, heading = "%nGeneral:%n")
  private GeneralOptions general = new GeneralOptions();

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

  private static final class OutputOptions {
    @Option(
        names = {"-o", "--output"},
        paramLabel = "DIR",
        description = "Where outputs go. [out]")
    private Path directory = Path.of("out");

    @Option(
        names = {"-f", "--format"},
        paramLabel = "LIST",
        split = ",",
        hideParamSyntax = true,
        converter = Converters.Format.class,
        completionCandidates = Converters.Format.class,
        description = {
          "What to make, several by comma or repeated. [disk]",
          "disk: disk.img, a GPT disk image",
          "esp: esp/, the files of an EFI system partition"
        })
    private List<OutputFormat> formats = new ArrayList<>();
  }

  private static final class DiskOptions {
    @Option(
        names = "--size",
        paramLabel = "SIZE",
        converter = Converters.Size.class,
        description = "The whole disk, with K, M, G or T, or auto: as small as its content. [auto]")
    private DiskSize size = new DiskSize.Automatic();

    @Option(
        names = "--sector-size",
        paramLabel = "N",
        converter = Converters.SectorSize.class,
        completionCandidates = Converters.SectorSize.class,
        description = "512 or 4096. [512]")
    private int sectorSizeBytes = 512;

    @Option(
        names = "--rootlabel",
        paramLabel = "NAME",
        converter = Converters.Label.class,
        description = "GPT partition label the root is found by. [C2BOOT]")
    private String rootLabel = "C2BOOT";
  }

  private static final class RootOptions {
    @Option(
        names = "--compression",
        paramLabel = "C[:L]",
        converter = Converters.Compression.class,
        completionCandidates = Converters.Compression.class,
        description =
            "zstd, gzip, xz, lz4 or lzo, and the level. [what the image's kernel can read; zstd:6]")
    private CompressionChoice compression = new CompressionChoice.Automatic();

    @Option(
        names = "--block-size",
        paramLabel = "N",
        converter = Converters.BlockSize.class,
        description = "SquashFS block, 4K to 1M. [128K]")
    private int blockSizeBytes = 128 << 10;

    @Option(
        names = "--keep-initrd",
        description = "Also leave the initrd inside the root. [it is on the ESP; left out]")
    private boolean keepInitrd;
  }

  private static final class BootOptions {
    @Option(
        names = "--append",
        paramLabel = "ARGS",
        converter = Converters.KernelArguments.class,
        description = "Kernel arguments to add (repeatable).")
    private List<String> append = new ArrayList<>();

    @Option(
        names = "--kernel",
        paramLabel = "VERSION",
        converter = Converters.Kernel.class,
        description = "Which kernel, if the image has several. [newest]")
    private KernelChoice kernel = new KernelChoice.Newest();

    @Option(
        names = "--keep-fallback",
        description =
            "Keep shim's fallback loader, which writes boot entries into the NVRAM of the machine. [left out]")
    private boolean keepFallback;

    @Option(
        names = "--force",
        description = "Go on although the initrd does not look as if it could boot a live root.")
    private boolean force;
  }

  @SuppressWarnings("UnusedVariable") // picocli acts on help and version by itself.
  private static final class GeneralOptions {
    @Option(
        names = "--platform",
        paramLabel = "OS/ARCH",
        converter = Converters.PlatformName.class,
        description = "Which entry of a multi-platform index. [this machine's]")
    private @Nullable Platform platform;

    @Option(
        names = "--threads",
        paramLabel = "N",
        converter = Converters.Threads.class,
        description =
            "How many threads compress; the outputs do not depend on it. [all processors]")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
        names = "--progress",
        paramLabel = "MODE",
        converter = Converters.Progress.class,
        completionCandidates = Converters.Progress.class,
        description =
            "auto: a live display on a terminal, else lines; plain: lines; none: warnings only. [auto]")
    private ProgressDisplay.Mode progress = ProgressDisplay.Mode.AUTO;

    @Option(
        names = {"-v", "--verbose"},
        description = "Say more about what is found and done.")
    private boolean verbose;

    @Option(names = "--debug", description = "Show where in the program an error arose.")
    private boolean debug;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Show this help.")
    private boolean help;

    @Option(
        names = {"-V", "--version"},
        versionHelp = true,
        description = "Show the version.")
    private boolean version;
  }

  @Override
  public Integer call() throws Exception {
    BuildPlan plan = plan();
    Manifest manifest = build(plan);
    Summary.of(plan, manifest).forEach(console.out()::println);
    return 0;
  }

  private Manifest build(BuildPlan plan) throws Exception {
    try (ProgressDisplay display =
            ProgressDisplay.open(general.progress, console, general.verbose);
        Interruption _ = Interruption.watch(display, console.err())) {
      return builder.build(plan, display);
    }
  }

  /// Whether errors are wanted with their stack traces.
  boolean debug() {
    return general.debug;
  }

  private BuildPlan plan() throws WrongUsage {
    try {
      return new BuildPlan(
          Source.parse(source, console.in()),
          Optional.ofNullable(general.platform),
          output.directory,
          output.formats.isEmpty() ? List.of(new OutputFormat.Disk()) : output.formats,
          new RootSettings(root.compression, root.blockSizeBytes, root.keepInitrd),
          new BootSettings(boot.kernel, boot.append, boot.keepFallback, boot.force),
          diskSettings(),
          SourceDateEpoch.of(console.environment()),
          general.threads);
    } catch (SourceException wrong) {
      throw new WrongUsage(Remedies.describe(wrong), wrong);
    } catch (IllegalArgumentException wrong) {
      throw new WrongUsage(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private DiskSettings diskSettings() {
    if (disk.size instanceof DiskSize.Exactly exactly
        && exactly.sizeBytes() % disk.sectorSizeBytes != 0) {
      throw new IllegalArgumentException(
          "--size: %d bytes are no whole number of sectors of %d bytes"
              .formatted(exactly.sizeBytes(), disk.sectorSizeBytes));
    }
    return new DiskSettings(disk.size, disk.sectorSizeBytes, disk.rootLabel);
  }
}
