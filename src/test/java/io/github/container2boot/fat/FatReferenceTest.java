package io.github.container2boot.fat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.testing.SparseFiles;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What dosfstools and mtools think of our volumes, and we of theirs.
class FatReferenceTest {
  private static final long MIB = 1L << 20;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "512, 0, FAT16",
    "512, 40, FAT32",
    "512, 70, FAT32",
    "512, 200, FAT32",
    "512, 900, FAT32",
    "512, 9000, FAT32",
    "4096, 0, FAT12",
    "4096, 40, FAT16",
    "4096, 900, FAT32",
  })
  void checkerFindsNothing(int sectorSizeBytes, long squashfsMib, FatType type) throws Exception {
    Tools.require("fsck.fat");
    FileTree tree =
        squashfsMib <= 4095
            ? Volumes.systemPartition(squashfsMib * MIB)
            : Volumes.tree()
                // Not 4 GiB - 1: fsck.fat 4.2 counts a chain's bytes in 32 bits.
                .put("a", Volumes.file(Content.hole(4095 * MIB)))
                .put("b", Volumes.file(Content.hole(4095 * MIB)))
                .put("c", Volumes.file(Content.hole((squashfsMib - 8192) * MIB)))
                .build();
    FatFileSystem volume = FatFileSystem.of(tree, Volumes.options(sectorSizeBytes));
    assertThat(volume.type()).isEqualTo(type);
    check(volume.content());
  }

  @ParameterizedTest
  @CsvSource({"512", "4096"})
  void checkerFindsNothingInTinyVolumes(int sectorSizeBytes) throws Exception {
    Tools.require("fsck.fat");
    FatOptions options = Volumes.options(sectorSizeBytes);
    check(FatFileSystem.of(Volumes.tree().build(), options).content());
    check(FatFileSystem.of(Volumes.tree().put("a", Volumes.file(1, 1)).build(), options).content());
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 7, 17, 33, 64, 100, 260, 512, 1024, 33_000})
  void checkerFindsNothingInGrownVolumes(long sizeMib) throws Exception {
    Tools.require("fsck.fat");
    FileTree tree = Volumes.tree().put("a/b", Volumes.file(5000, 1)).build();
    for (int sectorSizeBytes : new int[] {512, 4096}) {
      FatOptions options = Volumes.options(sectorSizeBytes).withSizeBytes(sizeMib * MIB);
      Content content = FatFileSystem.of(tree, options).content();
      assertThat(content.sizeBytes()).isEqualTo(sizeMib * MIB);
      check(content);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "512, FAT12",
    "512, FAT16",
    "512, FAT32",
    "4096, FAT12",
    "4096, FAT16",
    "4096, FAT32"
  })
  void checkerFindsNothingInAnyTypeAskedFor(int sectorSizeBytes, FatType type) throws Exception {
    Tools.require("fsck.fat");
    FatOptions options = Volumes.options(sectorSizeBytes).withType(type);
    FatFileSystem volume = FatFileSystem.of(Volumes.systemPartition(MIB), options);
    assertThat(volume.type()).isEqualTo(type);
    check(volume.content());
  }

  @Test
  void checkerFindsNothingInRandomTrees() throws Exception {
    Tools.require("fsck.fat");
    Random random = new Random(20_261_122);
    for (int round = 0; round < 16; round++) {
      FatOptions options = Volumes.options(random.nextBoolean() ? 512 : 4096);
      if (random.nextBoolean()) {
        options = options.withType(FatType.values()[random.nextInt(3)]);
      }
      check(FatFileSystem.of(Volumes.random(random), options).content());
    }
  }

  @Test
  void kernelReadsWhatWeWrite() throws Exception {
    Tools.requireRoot();
    assumeTrue(
        Files.readString(Path.of("/proc/filesystems")).contains("\tvfat\n"),
        "needs a kernel with vfat");
    FileTree tree =
        Volumes.tree()
            .put("EFI/BOOT/BOOTX64.EFI", Volumes.file(12_345, 1))
            .put("EFI/debian/grub.cfg", Volumes.file(417, 2))
            .put("größer", Volumes.file(1, 3))
            .build();
    for (FatType type : FatType.values()) {
      FatOptions options = Volumes.options(512).withType(type);
      Path image = SparseFiles.write(FatFileSystem.of(tree, options).content(), image());
      Path target = Files.createDirectory(directory.resolve(type.name()));
      Tools.run("mount", "-t", "vfat", "-o", "loop,ro,utf8", image, target);
      try {
        assertThat(filesOf(target)).isEqualTo(filesOf(tree));
      } finally {
        Tools.run("umount", target);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void mtoolsReadsWhatWeWrite(int sectorSizeBytes) throws Exception {
    Tools.require("mcopy", "minfo");
    FileTree tree =
        Volumes.tree()
            .put("EFI/BOOT/BOOTX64.EFI", Volumes.file(12_345, 1))
            .put("EFI/debian/grub.cfg", Volumes.file(417, 2))
            .put("A long name with spaces.and.dots", Volumes.file(1, 3))
            .put("A long name with spaces.and.dashes", Volumes.file(2, 4))
            .put("initrd.img-6.12.43+deb13-amd64", Volumes.file(3, 5))
            .put("x".repeat(255), Volumes.file(4, 6))
            .put("thirteen-char", Volumes.file(5, 7))
            .put("empty", Volumes.file(Content.empty()))
            .put("empty directory", Directory.empty(Volumes.DIRECTORY))
            .build();
    for (FatType type : FatType.values()) {
      FatOptions options = Volumes.options(sectorSizeBytes).withType(type);
      Path image = SparseFiles.write(FatFileSystem.of(tree, options).content(), image());
      Path target = Files.createDirectory(directory.resolve(type.name()));
      Tools.run("mcopy", "-s", "-m", "-i", image, "::*", target);
      assertThat(filesOf(target)).isEqualTo(filesOf(tree));
      assertThat(Tools.run("mlabel", "-s", "-i", image)).contains("EFI-SYSTEM");
      assertThat(Tools.run("minfo", "-i", image)).contains("serial number: 1234ABCD");
    }
  }

  @ParameterizedTest
  @CsvSource({"12, 512, 2", "16, 512, 20", "32, 512, 40", "16, 4096, 80", "32, 4096, 300"})
  void weReadWhatMtoolsWrites(int type, int sectorSizeBytes, long sizeMib) throws Exception {
    Tools.require("mkfs.fat", "mcopy", "mmd");
    Path image = SparseFiles.write(Content.hole(sizeMib * MIB), image());
    Tools.run(
        "mkfs.fat", "-F", type, "-S", sectorSizeBytes, "-n", "THEIRS", "-i", "cafe0123", image);
    FileTree tree =
        Volumes.tree()
            .put("lower.txt", Volumes.file(10, 1))
            .put("UPPER.TXT", Volumes.file(9000, 2))
            .put("Mixed name.text", Volumes.file(100_000, 3))
            .put("d/e/f/g.h", Volumes.file(70, 4))
            .build();
    Path source = Files.createDirectory(directory.resolve("source"));
    for (Map.Entry<String, String> file : filesOf(tree).entrySet()) {
      Path path = source.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, HexFormat.of().parseHex(file.getValue()));
    }
    for (String name : new String[] {"lower.txt", "UPPER.TXT", "Mixed name.text", "d"}) {
      Tools.run("mcopy", "-s", "-i", image, source.resolve(name), "::");
    }
    Tools.run("mcopy", "-i", image, source.resolve("lower.txt"), "::deleted");
    Tools.run("mdel", "-i", image, "::deleted");
    Content content = Content.of(Files.readAllBytes(image));
    FatImage read = FatImage.read(content);
    assertThat(read.type()).isEqualTo(FatType.valueOf("FAT" + type));
    assertThat(read.volumeId()).isEqualTo(0xcafe_0123L);
    assertThat(read.label().map(VolumeLabel::toString)).isEqualTo(Optional.of("THEIRS"));
    assertThat(filesOf(read.tree())).isEqualTo(filesOf(tree));
  }

  /// mkfs.fat makes such volumes although the specification has no name for them. Linux and EDK II
  /// take them for FAT32, mtools for FAT16.
  @Test
  void weReadAsFat32WhatHasTooFewClusters() throws Exception {
    Tools.require("mkfs.fat");
    Path image = SparseFiles.write(Content.hole(10 * MIB), image());
    Tools.run("mkfs.fat", "-F", 32, "-n", "THEIRS", image);
    FatImage read = FatImage.read(Content.of(Files.readAllBytes(image)));
    assertThat(read.type()).isEqualTo(FatType.FAT32);
    assertThat(read.label().map(VolumeLabel::toString)).isEqualTo(Optional.of("THEIRS"));
  }

  private Path image() {
    return directory.resolve("volume.img");
  }

  private void check(Content volume) throws Exception {
    Path image = SparseFiles.write(volume, image());
    // -n changes nothing, -v says what the shape is, -V looks a second time.
    Tools.Result result = Tools.execute("fsck.fat", "-n", "-V", image);
    assertThat(result.exitCode()).as(result.text()).isZero();
    assertThat(result.text().lines().toList())
        .as(result.text())
        .allMatch(FatReferenceTest::isNoComplaint);
  }

  private static boolean isNoComplaint(String line) {
    return line.startsWith("fsck.fat ")
        || line.startsWith("Starting check/repair pass")
        || line.startsWith("Starting verification pass")
        || line.matches(".*volume.img: \\d+ files, \\d+/\\d+ clusters");
  }

  private static Map<String, String> filesOf(FileTree tree) {
    Map<String, String> files = new TreeMap<>();
    tree.walk((TreePath path, Inode inode) -> {
      if (inode instanceof RegularFile file) {
        files.put(path.toString().substring(1), hex(file.content()));
      }
    });
    return files;
  }

  private static String hex(Content content) {
    try {
      return HexFormat.of().formatHex(content.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> filesOf(Path root) throws Exception {
    Map<String, String> files = new TreeMap<>();
    try (var paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(
            root.relativize(path).toString(), HexFormat.of().formatHex(Files.readAllBytes(path)));
      }
    }
    return files;
  }
}
