package io.github.container2boot.boots;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.testing.Machine;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.Qemu;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `container2boot run` boots what was built, with Secure Boot enforced as it chose by itself.
class RunBootTest {
  @TempDir(factory = InTarget.class)
  Path directory;

  @Test
  @Tag("boot")
  void aDiskBoots() throws IOException {
    build("disk");
    assertBoots("run-disk", directory.resolve("disk.img"));
  }

  @Test
  @Tag("boot")
  void aDirectoryBoots() throws IOException {
    build("esp");
    assertBoots("run-esp", directory.resolve("esp"));
    assertThat(directory.resolve("disk.img")).doesNotExist();
  }

  private void build(String format) throws IOException {
    Qemu.require();
    Program.run(
        "build",
        "--progress=none",
        "--append=console=ttyS0",
        "--format",
        format,
        "--output",
        directory,
        Machine.tarball());
  }

  private static void assertBoots(String name, Path what) throws IOException {
    Path logs = Files.createDirectories(Path.of("target", "boot-logs"));
    Path log = logs.resolve(name + ".log");
    String said =
        Program.run(
            "run",
            "--progress=none",
            "--expect",
            "\\w login: ",
            "--timeout",
            Qemu.BOOT.toMinutes() + "m",
            "--log",
            log,
            what);
    assertThat(said).contains("Secure Boot on", " seen after ");
    assertThat(Files.readString(log, StandardCharsets.ISO_8859_1))
        .contains("Secure boot enabled")
        .contains("Kernel is locked down from EFI Secure Boot");
  }
}
