package io.github.container2boot.boots;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.testing.Machine;
import io.github.container2boot.testing.Qemu;
import io.github.container2boot.testing.RootbuilderContainer;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the rootbuilder container makes boots, its GRUB configuration edited on the way.
class RootbuilderBootTest {
  @Test
  @Tag("boot")
  void itsDiskBoots() throws IOException {
    Qemu.require();
    Path machine = Machine.tarball();
    try (RootbuilderContainer container = RootbuilderContainer.build()) {
      container.setMachine(machine);
      Path output = container.newOutput();
      run(container, output, "rootbuilder");
      Path grub = output.resolve("esp/EFI/debian/grub.cfg");
      String edited =
          Files.readString(grub).replace("'rd.live.image'", "'rd.live.image' console=ttyS0");
      assertThat(edited).contains(" console=ttyS0");
      Files.writeString(grub, edited);
      run(container, output, "rootbuilder", "--diskimage");
      try (Qemu booted = Qemu.boot("rootbuilder", output.resolve("disk.img"))) {
        booted.logIn(Machine.USER, Machine.PASSWORD);
        assertThat(booted.run("findmnt -no FSTYPE /")).startsWith("overlay");
        assertThat(booted.run("findmnt -no FSTYPE /run/rootfsbase")).startsWith("squashfs");
        assertThat(booted.run("stat -c '%U %a' /etc/shadow")).startsWith("root 640");
        assertThat(booted.run("systemctl is-active ssh.service")).startsWith("active");
      }
    }
  }

  private static void run(RootbuilderContainer container, Path output, Object... command) {
    Tools.Result result = container.execute(RootbuilderContainer.mounts(output), command);
    assertThat(result.exitCode()).as(result.text()).isZero();
  }
}
