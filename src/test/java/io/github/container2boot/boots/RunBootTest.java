package io.github.container2boot.boots;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.build.Progress;
import io.github.container2boot.install.BlockDevice;
import io.github.container2boot.install.DeviceInstaller;
import io.github.container2boot.install.InstallSource;
import io.github.container2boot.testing.Machine;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.Qemu;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `container2boot run` boots what was built, with Secure Boot enforced as it chose by itself.
class RunBootTest {
  @TempDir(factory = InTarget.class)
  Path directory;

  /// What was there before is longer than the disk.
  @Test
  @Tag("boot")
  void aDiskBootsFromTheDeviceItIsInstalledOn() throws Exception {
    build("disk");
    Path device = directory.resolve("device");
    Tools.run("sh", "-c", "yes before | head -c 512M >\"$0\"", device);
    install(directory.resolve("disk.img"), device);
    assertBoots("run-device", device);
  }

  /// A file stands for the device, which the command itself would refuse.
  private static void install(Path disk, Path device) throws Exception {
    BlockDevice stick =
        new BlockDevice(device, "Test Stick", Files.size(device), 512, true, List.of());
    DeviceInstaller installer = new DeviceInstaller(stick, Progress.unwatched());
    installer.requireFree(false);
    try (InstallSource source = InstallSource.open(disk)) {
      installer.install(installer.plan(installer.image(source)));
    }
    Files.delete(disk);
  }

  @Test
  @Tag("boot")
  void aDirectoryBoots() throws IOException {
    build("esp");
    assertBoots("run-esp", directory.resolve("esp"));
    assertThat(directory.resolve("disk.img")).doesNotExist();
  }

  /// Without firmware, boot loader and disk.
  @Test
  @Tag("boot")
  void anImageBootsDirectly() throws IOException {
    Qemu.require();
    String said = boot("run-direct", "--direct", Machine.tarball());
    assertThat(said).contains("Secure Boot off", " seen after ");
    assertThat(console("run-direct"))
        .contains("Command line: root=live:http://10.0.2.2:")
        .contains("console=ttyS0");
  }

  /// Nothing of the image runs while it is built, so it may be for any processor.
  @Test
  @Tag("full")
  void aDiskForAnotherArchitectureBoots() throws IOException {
    Tools.require("qemu-system-aarch64");
    build("disk", Machine.arm64Tarball());
    assertThat(assertBoots("run-arm64", directory.resolve("disk.img"))).contains("aarch64, TCG");
  }

  private void build(String format) throws IOException {
    Qemu.require();
    build(format, Machine.tarball(), "--append=console=ttyS0");
  }

  private void build(String format, Path machine, Object... options) {
    List<Object> command = new ArrayList<>(List.of("build", "--progress=none", "--format", format));
    command.addAll(List.of("--output", directory));
    command.addAll(List.of(options));
    command.add(machine);
    Program.run(command.toArray());
  }

  /// With Secure Boot, by what the program and the machine's kernel say.
  private static String assertBoots(String name, Path what) throws IOException {
    String said = boot(name, what);
    assertThat(said).contains("Secure Boot on", " seen after ");
    assertThat(console(name))
        .contains("Secure boot enabled")
        .contains("Kernel is locked down from EFI Secure Boot");
    return said;
  }

  /// What the program says of a machine that it boots to its login prompt.
  private static String boot(String name, Object... what) throws IOException {
    List<Object> command = new ArrayList<>(List.of("run", "--progress=none"));
    command.addAll(List.of("--cpus", Qemu.PROCESSORS));
    command.addAll(List.of("--expect", "\\w login: ", "--timeout", Qemu.BOOT.toMinutes() + "m"));
    command.addAll(List.of("--log", log(name)));
    command.addAll(List.of(what));
    return Program.run(command.toArray());
  }

  private static String console(String name) throws IOException {
    return Files.readString(log(name), StandardCharsets.ISO_8859_1);
  }

  private static Path log(String name) throws IOException {
    return Files.createDirectories(Path.of("target", "boot-logs")).resolve(name + ".log");
  }
}
