package io.github.container2boot.run;

import io.github.container2boot.boot.Architecture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A virtual machine.
///
/// @param ports each with one of the guest's behind it
public record VirtualMachine(
    Architecture architecture,
    Accelerator accelerator,
    Start start,
    long memoryMebibytes,
    int processors,
    List<PortForward> ports,
    Screen screen) {
  /// What a guest calls the loopback address of the machine it runs on.
  public static final String HOST = "10.0.2.2";

  public VirtualMachine {
    ports = List.copyOf(ports);
  }

  /// What the machine boots, and what loads that.
  public sealed interface Start {}

  /// Its firmware loads what it finds on a disk.
  ///
  /// @param sectorSizeBytes the disk's
  /// @param persist whether what the machine writes reaches the image
  public record FromDisk(Firmware firmware, Path path, int sectorSizeBytes, boolean persist)
      implements Start {}

  /// QEMU loads a kernel; there is no disk.
  ///
  /// @param firmware that is given the kernel, which then sees itself started by it; on a PC QEMU
  ///   does without
  /// @param commandLine all that the kernel is told
  public record FromKernel(
      Optional<Firmware> firmware, Path kernel, Path initrd, String commandLine) implements Start {}

  /// Where what the machine shows can be seen.
  public sealed interface Screen {}

  /// The serial port on this terminal, with QEMU's monitor behind Ctrl-a.
  ///
  /// @param log where all of it is also written
  public record Terminal(Optional<Path> log) implements Screen {}

  /// A window, with keyboard and pointer.
  public record Window() implements Screen {}

  /// The serial port on standard output, for a program that reads it. A machine that restarts ends,
  /// because it has failed.
  public record Watched() implements Screen {}

  /// Whether only what is signed is booted.
  public boolean enforcesSecureBoot() {
    return firmware().filter(Firmware::enforcesSecureBoot).isPresent();
  }

  private Optional<Firmware> firmware() {
    return switch (start) {
      case FromDisk disk -> Optional.of(disk.firmware());
      case FromKernel kernel -> kernel.firmware();
    };
  }

  /// What QEMU for this architecture is called.
  public static String program(Architecture architecture) {
    return "qemu-system-" + architecture;
  }

  /// What libvirt and QEMU call the machine, without its version.
  String board() {
    return architecture == Architecture.X86_64 ? "q35" : "virt";
  }

  /// QEMU's command line.
  public List<String> command() {
    List<String> command = new ArrayList<>(List.of(program(architecture), "-nodefaults"));
    command.addAll(List.of("-machine", machine()));
    command.addAll(List.of("-accel", accelerator.toOption()));
    command.addAll(List.of("-cpu", accelerator.processor(architecture)));
    command.addAll(List.of("-m", memoryMebibytes + "M", "-smp", String.valueOf(processors)));
    firmware().ifPresent(firmware -> firmware(command, firmware));
    switch (start) {
      case FromDisk disk -> disk(command, disk);
      case FromKernel kernel -> kernel(command, kernel);
    }
    network(command);
    command.addAll(List.of("-device", "virtio-rng-pci"));
    screen(command);
    return command;
  }

  private String machine() {
    if (architecture == Architecture.AARCH64) {
      return "virt,gic-version=max";
    }
    boolean managed = firmware().filter(Firmware::needsSystemManagement).isPresent();
    return managed ? board() + ",smm=on" : board();
  }

  /// Its variables are those of the template at every start, and never written to it.
  private static void firmware(List<String> command, Firmware firmware) {
    if (firmware.needsSystemManagement()) {
      command.addAll(List.of("-global", "driver=cfi.pflash01,property=secure,value=on"));
    }
    flash(command, firmware.code(), "unit=0,readonly=on");
    flash(command, firmware.variables(), "unit=1,snapshot=on");
  }

  private static void flash(List<String> command, Firmware.FlashImage image, String how) {
    command.addAll(
        List.of(
            "-drive",
            "if=pflash,%s,format=%s,file=%s"
                .formatted(how, image.format(), escaped(image.path()))));
  }

  private static void disk(List<String> command, FromDisk disk) {
    command.addAll(
        List.of(
            "-drive",
            "if=none,id=disk,format=raw,snapshot=%s,file=%s"
                .formatted(disk.persist() ? "off" : "on", escaped(disk.path()))));
    String sectors = sectors(disk.sectorSizeBytes());
    command.addAll(List.of("-device", "virtio-blk-pci,drive=disk,bootindex=0" + sectors));
  }

  private static String sectors(int sizeBytes) {
    return sizeBytes == 512
        ? ""
        : ",logical_block_size=%1$d,physical_block_size=%1$d".formatted(sizeBytes);
  }

  private static void kernel(List<String> command, FromKernel kernel) {
    command.addAll(List.of("-kernel", kernel.kernel().toString()));
    command.addAll(List.of("-initrd", kernel.initrd().toString()));
    command.addAll(List.of("-append", kernel.commandLine()));
  }

  /// Without a boot ROM, which may be missing and is not needed: the machine boots otherwise.
  private void network(List<String> command) {
    StringBuilder network = new StringBuilder("user,id=network");
    ports.forEach(port -> network.append(',').append(port.toOption()));
    command.addAll(List.of("-netdev", network.toString()));
    command.addAll(List.of("-device", "virtio-net-pci,netdev=network,romfile="));
  }

  private void screen(List<String> command) {
    switch (screen) {
      case Terminal(Optional<Path> log) -> {
        String logged = log.map(path -> ",logfile=" + escaped(path)).orElse("");
        command.addAll(List.of("-display", "none"));
        command.addAll(List.of("-chardev", "stdio,id=console,mux=on,signal=off" + logged));
        command.addAll(List.of("-serial", "chardev:console", "-mon", "chardev=console"));
      }
      case Window _ -> {
        String graphics = architecture == Architecture.X86_64 ? "virtio-vga" : "virtio-gpu-pci";
        command.addAll(List.of("-device", graphics, "-device", "qemu-xhci"));
        command.addAll(List.of("-device", "usb-kbd", "-device", "usb-tablet"));
      }
      case Watched _ ->
          command.addAll(List.of("-display", "none", "-serial", "stdio", "-no-reboot"));
    }
  }

  /// A path inside an option list, where a comma is written twice.
  private static String escaped(Path path) {
    return path.toString().replace(",", ",,");
  }
}
