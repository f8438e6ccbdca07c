package io.github.container2boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallCommandTest {
  private static final String CONFIGURATION =
      """
      menuentry 'A system' {
        linux /container2boot/vmlinuz 'root=live:PARTLABEL=C2BOOT' 'rd.live.dir=/container2boot'
        initrd /container2boot/initrd.img
      }
      """;

  @TempDir private Path directory;

  private String esp = "";
  private String stick = "";

  @BeforeEach
  void make() throws IOException {
    esp = directory.resolve("esp").toString();
    stick = Files.createDirectory(directory.resolve("stick")).toString();
    put("EFI/BOOT/BOOTX64.EFI", "loader");
    put("EFI/BOOT/grub.cfg", CONFIGURATION);
    put("container2boot/vmlinuz", "kernel");
    put("container2boot/initrd.img", "initrd");
    put("container2boot/squashfs.img", "root");
  }

  private void put(String path, String text) throws IOException {
    Path file = Path.of(esp, path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void installsAndSaysWhatToDo() {
    CommandRun run = CommandRun.of("install", esp, stick);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("written, read back and found right\n")
        .contains("Unmount it. Plug it into the machine");
    assertThat(Path.of(stick, "EFI/BOOT/grub.cfg"))
        .content()
        .containsPattern("linux /container2boot/[0-9a-f]{12}/vmlinuz ");
  }

  @Test
  void aDryRunWritesNothing() throws IOException {
    CommandRun run = CommandRun.of("install", "--dry-run", esp, stick);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines().map(line -> line.replaceAll("[0-9a-f]{12}", "DIGITS")))
        .contains(
            "write    container2boot/SHA256SUMS (485 B)",
            "write    container2boot/DIGITS/initrd.img (6 B)",
            "write    EFI/BOOT/BOOTX64.EFI (6 B)");
    try (var files = Files.list(Path.of(stick))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aStickOfAnotherSystemNeedsForce() throws IOException {
    Files.createDirectories(Path.of(stick, "EFI/BOOT"));
    Files.writeString(Path.of(stick, "EFI/BOOT/BOOTX64.EFI"), "other");
    CommandRun run = CommandRun.of("install", esp, stick);
    assertThat(run.exitCode()).isEqualTo(Main.FAILED);
    assertThat(run.err())
        .endsWith(
            "container2boot: %s: EFI/BOOT/BOOTX64.EFI belongs to another system; use another stick, or --force to replace what boots the other system\n"
                .formatted(stick));
  }

  @Test
  void showsWhereAnErrorAroseIfAsked() throws IOException {
    Files.delete(Path.of(esp, "container2boot/vmlinuz"));
    String said = CommandRun.of("install", esp, stick).err();
    assertThat(said).isNotEmpty().doesNotContain("\tat ");
    assertThat(CommandRun.of("install", "--debug", esp, stick).err())
        .contains("\tat io.github.container2boot.install.")
        .contains(said.substring(said.lastIndexOf("container2boot: ")));
  }

  @Test
  void aTargetThatIsNoneIsWrongUsage() {
    CommandRun run = CommandRun.of("install", esp, stick + "/nothing");
    assertThat(run.exitCode()).isEqualTo(Main.WRONG_USAGE);
    assertThat(run.err()).contains("expected the directory where a stick is mounted, or a device");
    assertThat(CommandRun.of("install", esp, esp + "/container2boot/vmlinuz").exitCode())
        .isEqualTo(Main.WRONG_USAGE);
  }

  @Test
  void whatIsNoSystemIsSaidToBeNone() {
    CommandRun run = CommandRun.of("install", stick, stick);
    assertThat(run.exitCode()).isEqualTo(Main.FAILED);
    assertThat(run.err()).contains("has no EFI/BOOT/BOOT….EFI that a firmware would start");
  }
}
