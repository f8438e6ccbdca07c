package io.github.container2boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A rehearsal that leaves out part of the work would still pass for one.
class RehearsalTest {
  @TempDir Path temporary;

  @Test
  void itBuildsAWholeMachine() throws Exception {
    Rehearsal.main(new String[] {temporary.toString()});
    Path disk = temporary.resolve("cold/disk.img");
    assertThat(temporary.resolve("warm/disk.img")).hasSameBinaryContentAs(disk);
    assertThat(temporary.resolve("fetched/disk.img")).hasSameBinaryContentAs(disk);
    assertThat(temporary.resolve("unpacked/disk.img")).isRegularFile();
    assertThat(Files.readString(temporary.resolve("cold/manifest.json")))
        .contains(
            "Debian GNU/Linux 13",
            "\"selinuxPolicy\": \"default\"",
            "\"trust\": \"unknown signer\"",
            "\"compression\": \"zstd:6\"");

    Tools.require("sgdisk", "dd", "mcopy", "unsquashfs");
    assertThat(Tools.run("sgdisk", "-v", disk)).contains("No problems found");
    Path root = temporary.resolve("squashfs.img");
    Tools.run("mcopy", "-i", disk + "@@1M", "::/container2boot/squashfs.img", root);
    assertThat(Tools.run("unsquashfs", "-lln", root).lines())
        .hasSizeGreaterThan(2000)
        .anyMatch(line -> line.endsWith("/usr/bin/ping6"))
        .anyMatch(line -> line.endsWith("/usr/share/d3/e0/f300"))
        .noneMatch(line -> line.endsWith("/usr/share/d3/e0/f301"))
        .noneMatch(line -> line.endsWith("/usr/share/d1/e0/f105"));
  }
}
