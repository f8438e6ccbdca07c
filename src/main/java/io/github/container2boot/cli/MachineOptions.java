package io.github.container2boot.cli;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.process.SearchPath;
import io.github.container2boot.run.Accelerator;
import io.github.container2boot.run.DiskImage;
import io.github.container2boot.run.Firmware;
import io.github.container2boot.run.FirmwareSearch;
import io.github.container2boot.run.PortForward;
import io.github.container2boot.run.RunException;
import io.github.container2boot.run.VirtualMachine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.ArgGroupSpec;

/// What `run` is told of the machine, and the machine that fits what it boots.
final class MachineOptions {
  private static final int MOST_USUAL_PROCESSORS = 4;

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

  private final Map<String, String> environment;

  /// @param environment of the process
  MachineOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  private static int usualProcessors() {
    return Math.min(MOST_USUAL_PROCESSORS, Runtime.getRuntime().availableProcessors());
  }

  /// @param direct how `run` is told to boot without a disk
  ArgGroupSpec group(Option<Boolean> direct) {
    return Commands.group(
        "Machine", memoryMebibytes, processors, architecture, secureBoot, ports, persist, direct);
  }

  Optional<Architecture> architecture() {
    return architecture.value();
  }

  List<PortForward> ports() {
    return ports.value();
  }

  /// The machine that boots a disk.
  ///
  /// @throws RunException if none is known for it, or there is no firmware
  VirtualMachine machine(DiskImage disk, VirtualMachine.Screen screen) throws RunException {
    DiskImage.Loader loader = loader(disk);
    Architecture guest = loader.architecture();
    Accelerator accelerator = accelerator(guest);
    VirtualMachine.FromDisk start =
        new VirtualMachine.FromDisk(
            firmware(loader, accelerator), disk.path(), disk.sectorSizeBytes(), persist.value());
    return machine(guest, accelerator, start, screen);
  }

  /// The machine that is given a kernel.
  ///
  /// @throws RunException if there is no firmware, where that takes one
  VirtualMachine machine(Architecture guest, DirectKernel kernel, VirtualMachine.Screen screen)
      throws RunException {
    VirtualMachine.FromKernel start =
        new VirtualMachine.FromKernel(
            kernelFirmware(guest), kernel.kernel(), kernel.initrd(), kernel.commandLine());
    return machine(guest, accelerator(guest), start, screen);
  }

  private VirtualMachine machine(
      Architecture guest,
      Accelerator accelerator,
      VirtualMachine.Start start,
      VirtualMachine.Screen screen) {
    return new VirtualMachine(
        guest,
        accelerator,
        start,
        memoryMebibytes.value(),
        processors.value(),
        ports.value(),
        screen);
  }

  /// Kernels of other architectures than a PC's may come compressed in a way that QEMU cannot undo,
  /// but they themselves, as programs of a firmware's, can.
  private Optional<Firmware> kernelFirmware(Architecture guest) throws RunException {
    return guest == Architecture.X86_64
        ? Optional.empty()
        : Optional.of(required(search().find(guest, false), guest, false));
  }

  private DiskImage.Loader loader(DiskImage disk) throws RunException {
    return architecture
        .value()
        .map(known ->
            disk.loader()
                .filter(found -> found.architecture() == known)
                .orElseGet(() -> new DiskImage.Loader(known, false)))
        .or(disk::loader)
        .orElseThrow(() -> new RunException(new RunException.NotBootable(disk.path())));
  }

  private Accelerator accelerator(Architecture guest) {
    return SearchPath.find(VirtualMachine.program(guest), environment)
        .map(found -> Accelerator.find(found, guest))
        .orElse(Accelerator.TCG);
  }

  /// Nobody should wait for a disk first, and then be told what else is missing.
  void requireFor(Optional<Architecture> presumed) throws RunException {
    if (presumed.isPresent()) {
      emulator(presumed.get());
      firmware(new DiskImage.Loader(presumed.get(), true), Accelerator.TCG);
    }
  }

  /// The same for a kernel that is given to QEMU.
  void requireForKernel(Optional<Architecture> presumed) throws RunException {
    if (presumed.isPresent()) {
      emulator(presumed.get());
      kernelFirmware(presumed.get());
    }
  }

  /// A kernel that is given to QEMU is not verified, and has no disk.
  void requireSenseForKernel() throws WrongUsage {
    if (secureBoot.value() == SecureBootChoice.ON) {
      throw new WrongUsage("--direct: no firmware verifies the kernel; leave --secure-boot out");
    }
    if (persist.value()) {
      throw new WrongUsage("--direct: there is no disk to write to; leave --persist out");
    }
  }

  /// QEMU for this architecture.
  Path emulator(Architecture guest) throws RunException {
    String program = VirtualMachine.program(guest);
    return SearchPath.find(program, environment)
        .orElseThrow(() -> new RunException(new RunException.NoEmulator(program, guest)));
  }

  private Firmware firmware(DiskImage.Loader loader, Accelerator accelerator) throws RunException {
    Architecture guest = loader.architecture();
    Optional<Firmware> enforcing = search().find(guest, true);
    Optional<Firmware> plain = search().find(guest, false);
    return switch (secureBoot.value()) {
      case ON -> required(enforcing, guest, true);
      case OFF -> required(plain, guest, false);
      case AUTO ->
          loader.signed() && enforcing.isPresent() && supports(accelerator, enforcing.get())
              ? enforcing.get()
              : required(plain, guest, false);
    };
  }

  private FirmwareSearch search() {
    return new FirmwareSearch(Path.of("/"), environment);
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
}
