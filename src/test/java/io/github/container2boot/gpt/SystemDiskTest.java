package io.github.container2boot.gpt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.fat.FatFileSystem;
import io.github.container2boot.fat.FatOptions;
import io.github.container2boot.fat.FatType;
import io.github.container2boot.fat.VolumeLabel;
import io.github.container2boot.testing.SparseFiles;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A disk with an EFI system partition: its size, and a firmware's opinion.
class SystemDiskTest {
  private static final long MIB = 1L << 20;
  private static final Path FIRMWARE = Path.of("/usr/share/OVMF/OVMF_CODE_4M.fd");
  private static final Path VARIABLES = Path.of("/usr/share/OVMF/OVMF_VARS_4M.fd");
  private static final Attributes ATTRIBUTES =
      Attributes.ofRoot(0_755, Instant.parse("2026-11-22T12:34:56Z"));

  private static final String SCRIPT =
      """
      @echo -off
      fs0:
      type "\\A long directory name\\a file with a long name.text"
      comp "\\Large file" \\copy
      reset -s
      """
          .replace("\n", "\r\n");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void exceedsItsContentByLessThanOnePercentAnd2Mib(int sectorSizeBytes) throws Exception {
    for (long sizeBytes = 1; sizeBytes < 4095 * MIB; sizeBytes += sizeBytes / 20 + 1_234_567) {
      FileTree tree = tree(Content.hole(sizeBytes));
      FatFileSystem volume = FatFileSystem.of(tree, options(sectorSizeBytes));
      assertThat(disk(sectorSizeBytes, volume).sizeBytes())
          .as("disk for %d bytes", sizeBytes)
          .isLessThan(sizeBytes + sizeBytes / 100 + 2 * MIB);
    }
  }

  /// EDK II, whose drivers most firmware is made with, runs a script from the volume that shows a
  /// file with a long name and checks another, 1 MB long.
  @Tag("boot")
  @ParameterizedTest
  @CsvSource({
    "512, FAT12",
    "512, FAT16",
    "512, FAT32",
    "4096, FAT12",
    "4096, FAT16",
    "4096, FAT32"
  })
  void firmwareReadsIt(int sectorSizeBytes, FatType type) throws Exception {
    Tools.require("qemu-system-x86_64", "timeout");
    assumeTrue(Files.isReadable(FIRMWARE), "needs Debian's package ovmf, which is not installed");
    byte[] large = Disks.bytes(1_000_001).toByteArray();
    FileTree tree =
        new FileTreeBuilder(ATTRIBUTES)
            .put("startup.nsh", file(SCRIPT.getBytes(UTF_8)))
            .put(
                "A long directory name/a file with a long name.text",
                file("WE CAN READ".getBytes(UTF_8)))
            .put("Large file", file(large))
            .put("copy", file(large))
            .build();
    FatOptions options = options(sectorSizeBytes).withType(type);
    Content disk = disk(sectorSizeBytes, FatFileSystem.of(tree, options));
    assertThat(
            firmwareSays(SparseFiles.write(disk, directory.resolve("disk.img")), sectorSizeBytes))
        .contains("WE CAN READ")
        .contains("no differences encountered");
  }

  private String firmwareSays(Path disk, int sectorSizeBytes) throws Exception {
    Path variables = Files.copy(VARIABLES, directory.resolve("variables"));
    String[] command = {
      "timeout",
      "300",
      "qemu-system-x86_64",
      "-M",
      "q35",
      "-accel",
      "tcg",
      "-m",
      "256",
      "-nodefaults",
      "-display",
      "none",
      "-serial",
      "stdio",
      "-no-reboot",
      "-drive",
      "if=pflash,format=raw,readonly=on,file=" + FIRMWARE,
      "-drive",
      "if=pflash,format=raw,file=" + variables,
      "-drive",
      "if=none,id=disk,format=raw,snapshot=on,file=" + disk,
      "-device",
      "virtio-blk-pci,drive=disk,logical_block_size="
          + sectorSizeBytes
          + ",physical_block_size=4096"
    };
    // The console draws in lines of 80 characters.
    return Tools.run((Object[]) command).replaceAll("\\s+", " ");
  }

  private static RegularFile file(byte[] bytes) {
    return new RegularFile(ATTRIBUTES, Content.of(bytes));
  }

  private static FileTree tree(Content content) {
    return new FileTreeBuilder(ATTRIBUTES)
        .put("container2boot/squashfs.img", new RegularFile(ATTRIBUTES, content))
        .build();
  }

  private static FatOptions options(int sectorSizeBytes) throws Exception {
    return FatOptions.exact(
        sectorSizeBytes, MIB / sectorSizeBytes, 0x1234_abcdL, VolumeLabel.of("C2BOOT"));
  }

  private static Content disk(int sectorSizeBytes, FatFileSystem volume) throws Exception {
    Partition partition = Disks.partition(PartitionType.EFI_SYSTEM, "EFI", volume.content());
    GptOptions options = GptOptions.exact(sectorSizeBytes, Disks.DISK_ID);
    return GptDisk.of(List.of(partition), options).content();
  }
}
