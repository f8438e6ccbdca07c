package io.github.container2boot.cli;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.BuildPlan.BootSettings;
import io.github.container2boot.build.BuildPlan.DiskSettings;
import io.github.container2boot.build.BuildPlan.RootSettings;
import io.github.container2boot.build.CompressionChoice;
import io.github.container2boot.build.DiskSize;
import io.github.container2boot.build.EspDiskBuilder;
import io.github.container2boot.build.KernelChoice;
import io.github.container2boot.build.OutputFormat;
import io.github.container2boot.oci.Platform;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.run.Accelerator;
import io.github.container2boot.run.ConsoleWatch;
import io.github.container2boot.run.DiskImage;
import io.github.container2boot.run.Emulator;
import io.github.container2boot.run.Firmware;
import io.github.container2boot.run.FirmwareSearch;
import io.github.container2boot.run.LibvirtDomain;
import io.github.container2boot.run.PortForward;
import io.github.container2boot.run.RunException;
import io.github.container2boot.run.VirtualMachine;
import io.github.container2boot.source.Source;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// `container2boot run`: boots what was built, or builds it first, in a virtual machine of QEMU's.
final class RunCommand implements Callable<Integer>, Debuggable {
  private static final OutputFormat DISK = new OutputFormat.Disk();
  private static final String USUAL_DISK = "out/disk.img";
  private static final Duration USUAL_PATIENCE = Duration.ofMinutes(10);
  private static final int MOST_USUAL_PROCESSORS = 4;
  private static final String SERIAL_CONSOLE = "console=ttyS0";

  /// Whether the firmware enforces Secure Boot.
  enum SecureBootChoice {
    /// If the boot loader is signed and there is such a firmware.
    AUTO,
    ON,
    OFF
  }

  private final Option<Long> memoryMebibytes =
      Option.of(new Converters.Memory(), 4096L, "--memory")
          .label("SIZE")
          .describe("Memory, with M or G. [4G]");
  private final Option<Integer> processors =
      Option.of(new Converters.Threads(), usualProcessors(), "--cpus")
          .label("N")
          .describe("Processors. [as here, 4 at most]");
  private final Option<Optional<Architecture>> architecture =
      Option.of(new Converters.Processor(), Optional.empty(), "--arch")
          .label("ARCH")
          .describe("x86_64, aarch64 or riscv64. [that of the boot loader]");
  private final Option<SecureBootChoice> secureBoot =
      Option.optional(
              new Converters.OnOrOff(), SecureBootChoice.AUTO, SecureBootChoice.ON, "--secure-boot")
          .label("MODE")
          .describe(
              "on: the firmware enforces it, with Microsoft's keys; off; auto: on if the boot loader is signed and there is such a firmware. [auto]");
  private final Option<List<PortForward>> ports =
      Option.list(new Converters.Port(), "--port")
          .label("HOST:GUEST")
          .describe("A TCP port of 127.0.0.1 that leads to one of the machine (repeatable).");
  private final Option<Boolean> persist =
      Option.flag("--persist")
          .describe("Write to the disk image what the machine writes. [forgotten at its end]");

  private final Option<Boolean> consoleScreen =
      Option.flag("--console")
          .describe("Show the serial port here; Ctrl-a x ends it, Ctrl-a h helps. [this]");
  private final Option<Boolean> display =
      Option.flag("--display").describe("Show the screen in a window.");
  private final Option<Optional<Path>> log =
      Option.of(new Converters.PathName(), Optional.<Path>empty(), "--log")
          .label("FILE")
          .describe("Also write all that the serial port says to this file.");
  private final Option<Boolean> dryRun =
      Option.flag("--dry-run").describe("Print the command line of QEMU, and boot nothing.");
  private final Option<Boolean> libvirtXml =
      Option.flag("--libvirt-xml")
          .describe("Print a domain for 'virsh define' that boots the disk image.");

  private final Option<Optional<Pattern>> expect =
      Option.of(new Converters.Expression(), Optional.<Pattern>empty(), "--expect")
          .label("REGEX")
          .describe(
              "End well as soon as the console shows it, else fail with the last lines. Escape sequences are no part of what is searched.");
  private final Option<Optional<Duration>> timeout =
      Option.of(new Converters.Time(), Optional.<Duration>empty(), "--timeout")
          .label("DURATION")
          .describe("How long to wait for it, with s, m or h. [10m]");

  private final Option<List<String>> append =
      Option.list(new Converters.KernelArguments(), "--append")
          .label("ARGS")
          .describe(
              "Kernel arguments to add (repeatable). ["
                  + SERIAL_CONSOLE
                  + " on x86_64, unless there is another console or --display]");
  private final Option<KernelChoice> kernel =
      Option.of(new Converters.Kernel(), new KernelChoice.Newest(), "--kernel")
          .label("VERSION")
          .describe("Which kernel, if the image has several. [newest]");
  private final Option<Boolean> force =
      Option.flag("--force")
          .describe("Go on although the initrd does not look as if it could boot a live root.");
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

  private final Option<ProgressDisplay.Mode> progress =
      Option.of(new Converters.Progress(), ProgressDisplay.Mode.AUTO, "--progress")
          .label("MODE")
          .describe("How a build is shown: auto, plain or none. [auto]");
  private final Option<Boolean> verbose =
      Option.flag("-v", "--verbose").describe("Also say the command line of QEMU.");
  private final Option<Boolean> debug =
      Option.flag("--debug").describe("Show where in the program an error arose.");

  private String source = USUAL_DISK;
  private final Console console;
  private final BuildCommand.Builder builder;

  RunCommand(Console console, BuildCommand.Builder builder) {
    this.console = console;
    this.builder = builder;
  }

  private static int usualProcessors() {
    return Math.min(MOST_USUAL_PROCESSORS, Runtime.getRuntime().availableProcessors());
  }

  CommandSpec specification() {
    CommandSpec command =
        Commands.of(this, "Boot a disk image, the files of one, or a container image in QEMU.");
    command
        .usageMessage()
        .customSynopsis("container2boot run [OPTIONS] [disk.img | ESPDIR | SOURCE]")
        .sortOptions(false)
        .footerHeading("%nExamples:%n")
        .footer(
            "  @|bold container2boot run|@",
            "  @|bold container2boot run --port 2222:22 localhost/machine|@",
            "  @|bold container2boot run --expect 'login:' --timeout 5m out/disk.img|@",
            "",
            "QEMU is looked for in PATH, firmware by QEMU's descriptors and where",
            "distributions put it. Firmware starts with fresh variables every time.");
    return command
        .addPositional(parameter())
        .addArgGroup(
            Commands.group(
                "Machine", memoryMebibytes, processors, architecture, secureBoot, ports, persist))
        .addArgGroup(Commands.group("Screen", consoleScreen, display, log, dryRun, libvirtXml))
        .addArgGroup(Commands.group("Check", expect, timeout))
        .addArgGroup(
            Commands.group("Build, of a SOURCE", append, kernel, force, sectorSizeBytes, rootLabel))
        .addArgGroup(sourceOptions.group())
        .addArgGroup(cache.group())
        .addArgGroup(
            Commands.group("General", progress, verbose, debug, Option.help(), Option.version()));
  }

  private PositionalParamSpec parameter() {
    return PositionalParamSpec.builder()
        .index("0")
        .arity("0..1")
        .paramLabel("SOURCE")
        .converters(text -> {
          source = text;
          return text;
        })
        .description(
            "What to boot, told by its content: a disk image; a directory with the files of an EFI system partition, as build -f esp makes it; or an image to build first, named as for build. ["
                + USUAL_DISK
                + "]")
        .build();
  }

  @Override
  public boolean debug() {
    return debug.value();
  }

  @Override
  public Integer call() throws Exception {
    requireSense();
    RunTarget target = RunTarget.of(source);
    if (libvirtXml.value()) {
      return describeDomain(target);
    }
    if (dryRun.value()) {
      return describeCommand(target);
    }
    for (PortForward port : ports.value()) {
      port.requireFree();
    }
    try (TemporaryDirectory temporary = TemporaryDirectory.create(console.environment())) {
      return boot(disk(target, temporary.path()));
    }
  }

  private void requireSense() throws WrongUsage {
    if (timeout.value().isPresent() && expect.value().isEmpty()) {
      throw new WrongUsage("--timeout: there is nothing to wait for; add --expect REGEX");
    }
    if (display.value() && consoleScreen.value()) {
      throw new WrongUsage("--display: the machine is shown there or by --console, not both");
    }
    if (display.value() && (expect.value().isPresent() || log.value().isPresent())) {
      throw new WrongUsage("--display: --expect and --log look at the console; leave one out");
    }
    if (dryRun.value() && libvirtXml.value()) {
      throw new WrongUsage("--dry-run: --libvirt-xml boots nothing anyway; leave one out");
    }
  }

  private Integer describeDomain(RunTarget target) throws Exception {
    if (!(target instanceof RunTarget.Disk(Path path))) {
      throw new WrongUsage(
          "--libvirt-xml: %s is no disk image, which a domain needs; make one with container2boot build"
              .formatted(source));
    }
    VirtualMachine machine = machine(DiskImage.read(path));
    LibvirtDomain domain = new LibvirtDomain(domainName(path), machine);
    console.err().println(ShellWords.line(domain.virtInstall()));
    console.out().print(domain.toXml());
    return 0;
  }

  /// `machine` for `machine.img`, and for `machine/disk.img` too.
  private static String domainName(Path disk) {
    Path path = disk.toAbsolutePath().normalize();
    Path parent = path.getParent();
    Path named =
        path.endsWith(DISK.fileName()) && parent != null && parent.getFileName() != null
            ? parent
            : path;
    String name = String.valueOf(named.getFileName()).replaceFirst("\\.[^.]*$", "");
    String harmless = name.replaceAll("[^A-Za-z0-9_.-]", "-");
    return harmless.isEmpty() ? Main.NAME : harmless;
  }

  private Integer describeCommand(RunTarget target) throws Exception {
    DiskImage disk =
        switch (target) {
          case RunTarget.Disk(Path path) -> DiskImage.read(path);
          case RunTarget.Esp(Path directory) -> toBeMade(DiskImage.loaderIn(directory));
          case RunTarget.Image _ ->
              toBeMade(presumedArchitecture().map(known -> new DiskImage.Loader(known, true)));
        };
    if (!(target instanceof RunTarget.Disk)) {
      console
          .err()
          .println(
              "%s stands for the disk that would be made of %s"
                  .formatted(disk.path(), OneLine.of(source)));
    }
    console.out().println(ShellWords.line(machine(disk).command()));
    return 0;
  }

  private DiskImage toBeMade(Optional<DiskImage.Loader> loader) {
    return new DiskImage(Path.of(DISK.fileName()), sectorSizeBytes.value(), loader);
  }

  private DiskImage disk(RunTarget target, Path directory) throws Exception {
    return switch (target) {
      case RunTarget.Disk(Path path) -> DiskImage.read(path);
      case RunTarget.Esp(Path esp) -> fromEsp(esp, directory);
      case RunTarget.Image(String image) -> fromImage(image, directory);
    };
  }

  private DiskImage fromEsp(Path esp, Path directory) throws Exception {
    requireMachineFor(DiskImage.loaderIn(esp).map(DiskImage.Loader::architecture));
    try (ProgressDisplay shown = progressDisplay();
        Interruption _ = Interruption.watch(shown, console.err())) {
      new EspDiskBuilder(esp, directory, diskSettings(), shown).build();
    }
    return DiskImage.read(directory.resolve(DISK.fileName()));
  }

  private DiskImage fromImage(String image, Path directory) throws Exception {
    requireMachineFor(presumedArchitecture());
    BuildPlan plan = plan(image, directory);
    try (ProgressDisplay shown = progressDisplay();
        Interruption _ = Interruption.watch(shown, console.err())) {
      builder.build(plan, shown);
    }
    return DiskImage.read(directory.resolve(DISK.fileName()));
  }

  private ProgressDisplay progressDisplay() {
    return ProgressDisplay.open(progress.value(), console, verbose.value());
  }

  /// Nobody should wait for a disk first, and then be told what else is missing.
  private void requireMachineFor(Optional<Architecture> presumed) throws RunException {
    if (presumed.isPresent()) {
      emulator(presumed.get());
      firmware(new DiskImage.Loader(presumed.get(), true), Accelerator.TCG);
    }
  }

  private BuildPlan plan(String image, Path directory) throws WrongUsage {
    try {
      return new BuildPlan(
          Source.parse(image, console.in()),
          sourceOptions.settings(console.environment()),
          platform(),
          directory,
          List.of(DISK),
          new RootSettings(
              new CompressionChoice.Automatic(), RootSettings.USUAL_BLOCK_SIZE_BYTES, false),
          new BootSettings(kernel.value(), kernelArguments(), false, force.value()),
          diskSettings(),
          SourceDateEpoch.of(console.environment()),
          cache.choice(console.environment()),
          Runtime.getRuntime().availableProcessors());
    } catch (SourceException wrong) {
      throw new WrongUsage(Remedies.describe(wrong), wrong);
    }
  }

  private DiskSettings diskSettings() {
    return new DiskSettings(new DiskSize.Automatic(), sectorSizeBytes.value(), rootLabel.value());
  }

  private Optional<Platform> platform() {
    return sourceOptions
        .platform()
        .or(() ->
            architecture.value().map(known -> Platform.parse("linux/" + known.containerName())));
  }

  private Optional<Architecture> presumedArchitecture() {
    return architecture
        .value()
        .or(() ->
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
  private List<String> kernelArguments() {
    List<String> arguments = new ArrayList<>(append.value());
    boolean told = arguments.stream().anyMatch(words -> words.contains("console="));
    boolean ofPc = presumedArchitecture().equals(Optional.of(Architecture.X86_64));
    if (!display.value() && !told && ofPc) {
      arguments.add(SERIAL_CONSOLE);
    }
    return arguments;
  }

  private VirtualMachine machine(DiskImage disk) throws RunException {
    DiskImage.Loader loader =
        architecture
            .value()
            .map(known ->
                disk.loader()
                    .filter(found -> found.architecture() == known)
                    .orElseGet(() -> new DiskImage.Loader(known, false)))
            .or(disk::loader)
            .orElseThrow(() -> new RunException(new RunException.NotBootable(disk.path())));
    Architecture guest = loader.architecture();
    Accelerator accelerator =
        Emulator.find(VirtualMachine.program(guest), console.environment())
            .map(found -> Accelerator.find(found, guest))
            .orElse(Accelerator.TCG);
    return new VirtualMachine(
        guest,
        accelerator,
        firmware(loader, accelerator),
        disk.path(),
        disk.sectorSizeBytes(),
        persist.value(),
        memoryMebibytes.value(),
        processors.value(),
        ports.value(),
        screen());
  }

  private VirtualMachine.Screen screen() {
    if (display.value()) {
      return new VirtualMachine.Window();
    }
    return expect.value().isPresent()
        ? new VirtualMachine.Watched()
        : new VirtualMachine.Terminal(log.value());
  }

  private Path emulator(Architecture guest) throws RunException {
    String program = VirtualMachine.program(guest);
    return Emulator.find(program, console.environment())
        .orElseThrow(() -> new RunException(new RunException.NoEmulator(program, guest)));
  }

  private Firmware firmware(DiskImage.Loader loader, Accelerator accelerator) throws RunException {
    FirmwareSearch search = new FirmwareSearch(Path.of("/"), console.environment());
    Architecture guest = loader.architecture();
    Optional<Firmware> enforcing = search.find(guest, true);
    Optional<Firmware> plain = search.find(guest, false);
    return switch (secureBoot.value()) {
      case ON -> required(enforcing, guest, true);
      case OFF -> required(plain, guest, false);
      case AUTO ->
          loader.signed() && enforcing.isPresent() && supports(accelerator, enforcing.get())
              ? enforcing.get()
              : required(plain, guest, false);
    };
  }

  /// The hypervisor of macOS knows no System Management Mode.
  private static boolean supports(Accelerator accelerator, Firmware firmware) {
    return accelerator != Accelerator.HVF || !firmware.needsSystemManagement();
  }

  private static Firmware required(Optional<Firmware> found, Architecture guest, boolean secureBoot)
      throws RunException {
    return found.orElseThrow(
        () -> new RunException(new RunException.NoFirmware(guest, secureBoot)));
  }

  private Integer boot(DiskImage disk) throws Exception {
    VirtualMachine machine = machine(disk);
    Path program = emulator(machine.architecture());
    announce(machine);
    if (expect.value().isPresent()) {
      check(program, machine, expect.value().get());
    } else {
      try (Emulator emulator = Emulator.start(program, machine, console.environment())) {
        emulator.awaitEnd();
      }
    }
    return 0;
  }

  private void announce(VirtualMachine machine) {
    if (verbose.value()) {
      console.err().println(ShellWords.line(machine.command()));
    }
    String keys = machine.screen() instanceof VirtualMachine.Terminal ? "; Ctrl-a x ends it" : "";
    console
        .err()
        .println(
            "Booting %s: %s, %s, Secure Boot %s%s"
                .formatted(
                    OneLine.of(source),
                    machine.architecture(),
                    machine.accelerator(),
                    machine.firmware().enforcesSecureBoot() ? "on" : "off",
                    keys));
  }

  private void check(Path program, VirtualMachine machine, Pattern expected) throws Exception {
    long began = console.nanoTime().getAsLong();
    try (OutputStream kept = openLog()) {
      ConsoleWatch watch;
      boolean seen;
      boolean off;
      String words = "";
      try (Emulator emulator = Emulator.start(program, machine, console.environment())) {
        watch = ConsoleWatch.start(emulator.console(), kept, expected);
        seen = watch.await(timeout.value().orElse(USUAL_PATIENCE));
        off = watch.hasEnded();
        if (!seen && off) {
          emulator.awaitEnd();
          // a signal from elsewhere is an end without an error, too
          words = emulator.lastWords();
        }
      }
      watch.finish();
      Duration passed = Duration.ofNanos(console.nanoTime().getAsLong() - began);
      if (!seen) {
        throw notSeen(expected, watch, passed, off ? Optional.of(words) : Optional.empty());
      }
      console
          .out()
          .println(
              "\"%s\" seen after %s"
                  .formatted(OneLine.of(expected.pattern()), Durations.shown(passed)));
    } catch (RunException failed) {
      showLastLines(failed.problem());
      throw failed;
    }
  }

  private OutputStream openLog() throws IOException {
    return log.value().isPresent()
        ? Files.newOutputStream(log.value().get())
        : OutputStream.nullOutputStream();
  }

  private static RunException notSeen(
      Pattern expected, ConsoleWatch watch, Duration passed, Optional<String> lastWords) {
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
