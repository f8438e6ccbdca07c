package io.github.container2boot.boots;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.testing.Machine;
import io.github.container2boot.testing.OciLayout;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.Qemu;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the program builds boots to a login prompt on a machine that enforces Secure Boot.
class SecureBootTest {
  private static final String CONSOLE = "console=ttyS0";

  @TempDir(factory = InTarget.class)
  Path directory;

  private Path machine;

  @BeforeEach
  void haveWhatABootNeeds() throws IOException {
    Qemu.require();
    machine = Machine.tarball();
  }

  @Test
  @Tag("boot")
  void aDiskBoots() throws IOException {
    build(machine, "--append", CONSOLE, "--append", "security=selinux");
    try (Qemu booted = logIn("disk", directory.resolve("disk.img"))) {
      assertSecureBoot(booted);
      assertLiveRoot(booted);
      assertThat(booted.run("stat -c %C /run/rootfsbase/etc/shadow")).contains(":shadow_t:");
      assertThat(booted.run("stat -c %C /usr/bin/bash /etc/passwd"))
          .contains(":shell_exec_t:", ":etc_t:");
      assertThat(booted.run("cat /sys/fs/selinux/enforce")).startsWith("0");
      assertThat(booted.run("systemctl is-system-running --wait")).startsWith("running");
      assertThat(booted.run("systemctl is-active ssh.service")).startsWith("active");
      assertThat(booted.run("ls /etc/ssh")).contains("ssh_host_ed25519_key");
    }
  }

  /// Its files reach the medium by other tools than this program.
  @Test
  @Tag("boot")
  void anImageLaidOutLikeAlmaLinuxBootsFromACopy() throws IOException {
    Tools.require("sgdisk", "mkfs.fat", "mcopy");
    Path moved = directory.resolve("almalinux.tar");
    AlmaLinuxLayout.write(machine, moved, directory.resolve("scratch"));
    Path image = directory.resolve("image");
    OciLayout.write(image, List.of(machine, moved));
    build("oci:" + image, "-f", "esp", "--append", CONSOLE);
    assertThat(directory.resolve("esp/EFI/almalinux/grub.cfg"))
        .content()
        .contains("AlmaLinux 9.6 (Sage Margay)");
    try (Qemu booted = logIn("almalinux", copy(directory.resolve("esp")))) {
      assertSecureBoot(booted);
      assertLiveRoot(booted);
      assertThat(booted.run("cat /etc/os-release")).contains("ID=\"almalinux\"");
      assertThat(booted.run("ls /boot /usr/lib")).doesNotContain("vmlinuz-6.12", "shim", ".wh.");
    }
  }

  private Path copy(Path esp) {
    Path disk = directory.resolve("stick.img");
    Tools.run("truncate", "-s", "1G", disk);
    Tools.run("sgdisk", "-n", "1:2048:0", "-t", "1:ef00", "-c", "1:C2BOOT", disk);
    Tools.run("mkfs.fat", "-F", "32", "--offset", "2048", disk, 1022 * 1024);
    Tools.run("sh", "-c", "mcopy -s -i \"$0@@1M\" \"$1\"/* ::", disk, esp);
    return disk;
  }

  @Test
  @Tag("full")
  void aRootLargerThanAFatFileBootsFromItsOwnPartition() throws IOException {
    Path noise = Files.createDirectories(directory.resolve("large/srv")).resolve("noise");
    writeNoise(noise, (4L << 30) + (200L << 20));
    Path layer = directory.resolve("large.tar");
    Tools.run("tar", "-C", directory.resolve("large"), "-cf", layer, ".");
    String end = "tail -c 1048576 %s | sha256sum";
    String expected = Tools.run("sh", "-c", end.formatted(noise));
    Files.delete(noise);

    Path image = directory.resolve("image");
    OciLayout.write(image, List.of(machine, layer));
    build("oci:" + image, "--compression", "zstd:1", "--append", CONSOLE);
    try (Qemu booted = logIn("large", directory.resolve("disk.img"))) {
      assertSecureBoot(booted);
      assertLiveRoot(booted);
      assertThat(booted.run("findmnt -no SOURCE /run/rootfsbase")).contains("/dev/vda2");
      assertThat(booted.run(end.formatted("/srv/noise"))).isEqualTo(expected);
    }
  }

  private void build(Object source, Object... options) {
    List<Object> command = new ArrayList<>(List.of("build", "--progress", "none"));
    command.addAll(List.of(options));
    command.addAll(List.of("--output", directory, source));
    Program.run(command.toArray());
  }

  private static Qemu logIn(String name, Path disk) throws IOException {
    Qemu booted = Qemu.boot(name, disk);
    try {
      booted.logIn(Machine.USER, Machine.PASSWORD);
      return booted;
    } catch (RuntimeException | Error e) {
      booted.close();
      throw e;
    }
  }

  private static void assertSecureBoot(Qemu booted) {
    String messages =
        booted.run("echo %s | sudo -S dmesg --color=never".formatted(Machine.PASSWORD));
    assertThat(messages)
        .contains("Secure boot enabled")
        .contains("Kernel is locked down from EFI Secure Boot");
  }

  private static void assertLiveRoot(Qemu booted) {
    assertThat(booted.run("findmnt -no FSTYPE /")).startsWith("overlay");
    assertThat(booted.run("findmnt -no FSTYPE /run/rootfsbase")).startsWith("squashfs");
    assertThat(booted.run("findmnt -no OPTIONS /run/rootfsbase")).startsWith("ro,");
    // the root can be written to, but only in memory
    booted.run("echo %s | sudo -S touch /usr/written".formatted(Machine.PASSWORD));
  }

  private static void writeNoise(Path file, long sizeBytes) throws IOException {
    Random random = new Random(4);
    byte[] block = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long left = sizeBytes; left > 0; left -= block.length) {
        random.nextBytes(block);
        out.write(block);
      }
    }
  }
}
