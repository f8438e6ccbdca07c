package io.github.container2boot.gpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.testing.SparseFiles;
import io.github.container2boot.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What gdisk and util-linux think of our disks, and we of theirs.
class GptReferenceTest {
  private static final long MIB = 1L << 20;

  @TempDir Path directory;

  @Test
  void sgdiskFindsNothing() throws Exception {
    Tools.require("sgdisk");
    Path image = image(Disks.disk(512).content());
    // It would like partitions to end on whole MiB too; ours are as small as their content.
    assertThat(Tools.run("sgdisk", "-v", image))
        .contains("No problems found")
        .doesNotContain("Warning", "Problem:");
    assertThat(Tools.run("sgdisk", "-i", 2, image))
        .contains("4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709")
        .contains("Partition unique GUID: " + Disks.id(1))
        .contains("First sector: 10240")
        .contains("Attribute flags: 1000000000000000")
        .contains("Partition name: 'C2BOOT'");
    assertThat(Tools.run("sgdisk", "-p", image)).contains("(GUID): " + Disks.DISK_ID);
  }

  /// A root that FAT cannot hold has its own partition; here it is mostly a hole.
  @Test
  void sgdiskFindsNothingInADiskWithARootOfMoreThan4Gib() throws Exception {
    Tools.require("sgdisk");
    Content root =
        Content.concatenation(
            List.of(Disks.bytes(5000), Content.hole((4L << 30) + 12_345), Disks.bytes(99)));
    List<Partition> partitions =
        List.of(
            Disks.partition(PartitionType.EFI_SYSTEM, "EFI", Content.hole(40 * MIB)),
            Disks.partition(PartitionType.LINUX_ROOT_X86_64, "C2BOOT", root));
    Content disk = GptDisk.of(partitions, GptOptions.exact(512, Disks.DISK_ID)).content();
    Path image = image(disk);
    assertThat(Tools.run("sgdisk", "-v", image)).contains("No problems found");
    Content read = GptImage.read(disk).find("C2BOOT").orElseThrow().content();
    assertThat(read.slice(root.sizeBytes() - 99, 99).toByteArray())
        .isEqualTo(Disks.bytes(99).toByteArray());
    assertThat(disk.sizeBytes()).isLessThan(root.sizeBytes() + 42 * MIB);
  }

  @Test
  void sfdiskFindsNothing() throws Exception {
    Tools.require("sfdisk");
    Path image = image(Disks.disk(512).content());
    assertThat(Tools.run("sfdisk", "--verify", image)).contains("No errors detected");
  }

  /// sgdisk takes 512-byte sectors for any file; a loop device tells it otherwise.
  @Test
  void kernelAndSgdiskReadSectorsOf4096Bytes() throws Exception {
    Tools.requireRoot();
    Tools.require("losetup", "sgdisk");
    Path image = image(Disks.disk(4096).content());
    Tools.Result loop = Tools.execute("losetup", "-f", "--show", "-b", 4096, image);
    assumeTrue(loop.exitCode() == 0, "needs a loop device");
    String device = loop.text().strip();
    try {
      assertThat(Tools.run("sgdisk", "-v", device)).contains("No problems found");
      assertThat(Tools.run("sgdisk", "-p", device)).contains("C2BOOT");
    } finally {
      Tools.run("losetup", "-d", device);
    }
  }

  @Test
  void weReadWhatSgdiskWrites() throws Exception {
    Tools.require("sgdisk");
    Path image = image(Content.hole(64 * MIB));
    Tools.run(
        "sgdisk",
        "-n",
        "1:0:+10M",
        "-t",
        "1:ef00",
        "-c",
        "1:EFI",
        "-n",
        "5:0:0",
        "-c",
        "5:größer",
        "-A",
        "5:set:2",
        image);
    GptImage read = GptImage.read(Content.of(Files.readAllBytes(image)));
    assertThat(read.damage()).isEmpty();
    assertThat(read.partitions()).extracting(GptImage.Located::number).containsExactly(1, 5);
    assertThat(read.find(PartitionType.EFI_SYSTEM).orElseThrow().content().sizeBytes())
        .isEqualTo(10 * MIB);
    GptImage.Located second = read.find("größer").orElseThrow();
    assertThat(second.entry().attributes()).isEqualTo(PartitionEntry.LEGACY_BIOS_BOOTABLE);
    assertThat(PartitionType.of(second.entry().type()))
        .hasValue(PartitionType.LINUX_FILE_SYSTEM_DATA);
  }

  private Path image(Content disk) throws Exception {
    return SparseFiles.write(disk, directory.resolve("disk.img"));
  }
}
