package io.github.container2boot.cli;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.boot.CommandLine;
import io.github.container2boot.boot.KernelImage;
import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.EspDiskBuilder;
import io.github.container2boot.build.OutputFormat;
import io.github.container2boot.run.DiskImage;
import io.github.container2boot.run.Emulator;
import io.github.container2boot.run.LibvirtDomain;
import io.github.container2boot.run.PortForward;
import io.github.container2boot.run.RunException;
import io.github.container2boot.run.VirtualMachine;
import io.github.container2boot.serve.BuiltSystem;
import java.nio.file.Path;
import java.time.Duration;
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

  private final Option<Boolean> direct =
      Option.flag("--direct")
          .describe(
              "Without a disk or boot loader: QEMU is given kernel and initrd, and the initrd fetches the root from this command by HTTP.");
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
              "End well as soon as the console shows it, else fail with the last lines. Escape sequences are no part of what is searched, and messages of the kernel may stand in between.");
  private final Option<Optional<Duration>> timeout =
      Option.of(new Converters.Time(), Optional.<Duration>empty(), "--timeout")
          .label("DURATION")
          .describe("How long to wait for it, with s, m or h. [10m]");

  private final GeneralOptions general = new GeneralOptions("Also say the command line of QEMU.");

  private String source = USUAL_DISK;
  private final Console console;
  private final BuildCommand.Builder builder;
  private final MachineOptions machineOptions;
  private final RunBuild build;

  RunCommand(Console console, BuildCommand.Builder builder) {
    this.console = console;
    this.builder = builder;
    this.machineOptions = new MachineOptions(console.environment());
    this.build = new RunBuild(console);
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
            "  @|bold container2boot run --direct localhost/machine|@",
            "",
            "QEMU is looked for in PATH, firmware by QEMU's descriptors and where",
            "distributions put it. Firmware starts with fresh variables every time.");
    command
        .addPositional(parameter())
        .addArgGroup(machineOptions.group(direct))
        .addArgGroup(Commands.group("Screen", consoleScreen, display, log, dryRun, libvirtXml))
        .addArgGroup(Commands.group("Check", expect, timeout));
    build.addTo(command);
    return command.addArgGroup(general.group());
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
    return general.debug();
  }

  @Override
  public Integer call() throws Exception {
    requireSense();
    RunTarget target = RunTarget.of(source);
    if (direct.value()) {
      return bootDirectly(target);
    }
    if (libvirtXml.value()) {
      return describeDomain(target);
    }
    if (dryRun.value()) {
      return describeCommand(target);
    }
    requireFreePorts();
    try (TemporaryDirectory temporary = TemporaryDirectory.create(console.environment())) {
      return boot(machine(disk(target, temporary.path())));
    }
  }

  private void requireFreePorts() throws RunException {
    for (PortForward port : machineOptions.ports()) {
      port.requireFree();
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
    if (direct.value()) {
      requireSenseForKernel();
    }
  }

  private void requireSenseForKernel() throws WrongUsage {
    machineOptions.requireSenseForKernel();
    if (libvirtXml.value()) {
      throw new WrongUsage("--direct: a domain needs a disk image; leave --libvirt-xml out");
    }
  }

  private Integer bootDirectly(RunTarget target) throws Exception {
    if (dryRun.value()) {
      return describeDirectCommand(target);
    }
    requireFreePorts();
    try (TemporaryDirectory temporary = TemporaryDirectory.create(console.environment());
        DirectSystem system = direct(target, temporary.path())) {
      return boot(machineOptions.machine(system.architecture(), system.kernel(), screen()));
    }
  }

  private DirectSystem direct(RunTarget target, Path directory) throws Exception {
    return switch (target) {
      case RunTarget.Disk(Path path) ->
          DirectSystem.of(path, appendedToBuilt(), build.force(), directory);
      case RunTarget.Esp(Path path) ->
          DirectSystem.of(path, appendedToBuilt(), build.force(), directory);
      case RunTarget.Image(String image) -> {
        machineOptions.requireForKernel(presumed());
        yield open(plan(image, directory));
      }
    };
  }

  private DirectSystem open(BuildPlan plan) throws Exception {
    try (ProgressDisplay shown = general.openDisplay(console);
        Interruption _ = Interruption.watch(shown, console.err())) {
      return DirectSystem.open(plan, shown);
    }
  }

  private Integer describeDirectCommand(RunTarget target) throws Exception {
    VirtualMachine machine =
        switch (target) {
          case RunTarget.Disk(Path path) -> directMachine(path);
          case RunTarget.Esp(Path path) -> directMachine(path);
          case RunTarget.Image _ -> directMachine();
        };
    console
        .err()
        .println(
            "vmlinuz, initrd.img and the port stand for those there would be while %s boots"
                .formatted(OneLine.of(source)));
    console.out().println(ShellWords.line(machine.command()));
    return 0;
  }

  private VirtualMachine directMachine() throws Exception {
    Architecture guest =
        presumed().orElseThrow(() -> new WrongUsage("--direct: say for which machine with --arch"));
    List<String> appended = build.kernelArguments(machineOptions.architecture(), !display.value());
    CommandLine line = DirectKernel.appended(new CommandLine(List.of()), appended);
    return machineOptions.machine(guest, DirectKernel.toBeMade(line), screen());
  }

  private VirtualMachine directMachine(Path path) throws Exception {
    try (BuiltSystem system = BuiltSystem.open(path)) {
      CommandLine line = DirectKernel.arguments(system.esp(), appendedToBuilt());
      Architecture guest = KernelImage.read(system.kernel()).architecture();
      return machineOptions.machine(guest, DirectKernel.toBeMade(line), screen());
    }
  }

  /// What was built says itself which console it has.
  private List<String> appendedToBuilt() {
    return build.kernelArguments(machineOptions.architecture(), false);
  }

  private Integer describeDomain(RunTarget target) throws Exception {
    if (!(target instanceof RunTarget.Disk(Path path))) {
      throw new WrongUsage(
          "--libvirt-xml: %s is no disk image, which a domain needs; make one with container2boot build"
              .formatted(source));
    }
    VirtualMachine machine = machine(DiskImage.read(path));
    LibvirtDomain domain = new LibvirtDomain(domainName(path), machine, disk(machine));
    console.err().println(ShellWords.line(domain.virtInstall()));
    console.out().print(domain.toXml());
    return 0;
  }

  private static VirtualMachine.FromDisk disk(VirtualMachine machine) {
    return (VirtualMachine.FromDisk) machine.start();
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
              toBeMade(presumed().map(known -> new DiskImage.Loader(known, true)));
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
    return new DiskImage(Path.of(DISK.fileName()), build.diskSettings().sectorSizeBytes(), loader);
  }

  private DiskImage disk(RunTarget target, Path directory) throws Exception {
    return switch (target) {
      case RunTarget.Disk(Path path) -> DiskImage.read(path);
      case RunTarget.Esp(Path esp) -> fromEsp(esp, directory);
      case RunTarget.Image(String image) -> fromImage(image, directory);
    };
  }

  private DiskImage fromEsp(Path esp, Path directory) throws Exception {
    machineOptions.requireFor(DiskImage.loaderIn(esp).map(DiskImage.Loader::architecture));
    try (ProgressDisplay shown = general.openDisplay(console);
        Interruption _ = Interruption.watch(shown, console.err())) {
      new EspDiskBuilder(esp, directory, build.diskSettings(), shown).build();
    }
    return DiskImage.read(directory.resolve(DISK.fileName()));
  }

  private DiskImage fromImage(String image, Path directory) throws Exception {
    machineOptions.requireFor(presumed());
    BuildPlan plan = build.plan(image, directory, machineOptions.architecture(), !display.value());
    try (ProgressDisplay shown = general.openDisplay(console);
        Interruption _ = Interruption.watch(shown, console.err())) {
      builder.build(plan, shown);
    }
    return DiskImage.read(directory.resolve(DISK.fileName()));
  }

  private BuildPlan plan(String image, Path directory) throws WrongUsage {
    return build.plan(image, directory, machineOptions.architecture(), !display.value());
  }

  private Optional<Architecture> presumed() {
    return build.architecture(machineOptions.architecture());
  }

  private VirtualMachine machine(DiskImage disk) throws RunException {
    return machineOptions.machine(disk, screen());
  }

  private VirtualMachine.Screen screen() {
    if (display.value()) {
      return new VirtualMachine.Window();
    }
    return expect.value().isPresent()
        ? new VirtualMachine.Watched()
        : new VirtualMachine.Terminal(log.value());
  }

  private Integer boot(VirtualMachine machine) throws Exception {
    Path program = machineOptions.emulator(machine.architecture());
    announce(machine);
    if (expect.value().isPresent()) {
      check(expect.value().get()).run(program, machine);
    } else {
      try (Emulator emulator = Emulator.start(program, machine, console.environment())) {
        emulator.awaitEnd();
      }
    }
    return 0;
  }

  private void announce(VirtualMachine machine) {
    if (general.verbose()) {
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
                    machine.enforcesSecureBoot() ? "on" : "off",
                    keys));
  }

  private ConsoleCheck check(Pattern expected) {
    Duration patience = timeout.value().orElse(ConsoleCheck.USUAL_PATIENCE);
    return new ConsoleCheck(console, expected, patience, log.value());
  }
}
