package io.github.container2boot.fat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Volumes that lie.
class FatImageTest {
  private static final int TABLE = 3584;

  @ParameterizedTest
  @EnumSource(FatType.class)
  void nothingButFormatExceptionsComesOfDamage(FatType type) throws Exception {
    byte[] sound = volume(type);
    Random random = new Random(type.ordinal());
    int damaged = 0;
    int rounds = type == FatType.FAT32 ? 100 : 400;
    for (int round = 0; round < rounds; round++) {
      byte[] bytes = sound.clone();
      for (int change = random.nextInt(8); change >= 0; change--) {
        bytes[interesting(bytes, random)] = (byte) random.nextInt();
      }
      damaged += readsOrRefuses(bytes) ? 0 : 1;
    }
    assertThat(damaged).as("rounds that were refused").isGreaterThan(rounds / 10);
  }

  @Test
  void nothingButFormatExceptionsComesOfEarlyEnds() throws Exception {
    byte[] sound = volume(FatType.FAT16);
    for (int size = 0; size < sound.length; size += size < 600 ? 1 : 50_021) {
      byte[] bytes = Arrays.copyOf(sound, size);
      assertThatThrownBy(() -> FatImage.read(Content.of(bytes)))
          .as("%d bytes", bytes.length)
          .isInstanceOf(FormatException.class);
    }
  }

  @Test
  void chainInCircles() throws Exception {
    byte[] bytes = volume(FatType.FAT16);
    int table = (int) FatFileSystemTest.geometry(Content.of(bytes)).tableOffsetBytes(0);
    // The first cluster is that of the first directory: let it follow itself.
    bytes[table + 4] = 2;
    bytes[table + 5] = 0;
    assertRefused(bytes, "cluster 2 belongs to two chains");
  }

  @Test
  void chainThatLeavesTheVolume() throws Exception {
    byte[] bytes = volume(FatType.FAT16);
    int table = (int) FatFileSystemTest.geometry(Content.of(bytes)).tableOffsetBytes(0);
    bytes[table + 4] = (byte) 0xf0;
    bytes[table + 5] = (byte) 0xef;
    assertRefused(bytes, "found 61424");
  }

  @Test
  void fileLongerThanItsChain() throws Exception {
    FileTree tree = Volumes.tree().put("A", Volumes.file(100, 1)).build();
    byte[] bytes = FatFileSystem.of(tree, Volumes.options(512)).content().toByteArray();
    Geometry geometry = FatFileSystemTest.geometry(Content.of(bytes));
    // The label's entry comes first; the size is the last field of the second.
    bytes[(int) geometry.rootDirectoryOffsetBytes() + 63] = 0x7f;
    assertRefused(bytes, "chain of clusters ends at 2: expected 2130706020 more bytes");
  }

  @Test
  void twoFilesInOneChain() throws Exception {
    FileTree tree =
        Volumes.tree().put("A", Volumes.file(100, 1)).put("B", Volumes.file(100, 2)).build();
    byte[] bytes = FatFileSystem.of(tree, Volumes.options(512)).content().toByteArray();
    Geometry geometry = FatFileSystemTest.geometry(Content.of(bytes));
    bytes[(int) geometry.rootDirectoryOffsetBytes() + 64 + 26] = 2;
    assertRefused(bytes, "cluster 2 belongs to two chains");
  }

  @Test
  void strayPartsOfLongNamesAreIgnored() throws Exception {
    FileTree tree = Volumes.tree().put("lower.txt", Volumes.file(100, 1)).build();
    byte[] bytes = FatFileSystem.of(tree, Volumes.options(512)).content().toByteArray();
    Geometry geometry = FatFileSystemTest.geometry(Content.of(bytes));
    // Another checksum: the part then belongs to a file that is no longer there.
    bytes[(int) geometry.rootDirectoryOffsetBytes() + 32 + 13]++;
    assertThat(FatImage.read(Content.of(bytes)).tree().find("LOWER.TXT")).isPresent();
  }

  @Test
  void lowerCaseBitsOfWindowsAreUnderstood() throws Exception {
    FileTree tree = Volumes.tree().put("NAME.EXT", Volumes.file(100, 1)).build();
    byte[] bytes = FatFileSystem.of(tree, Volumes.options(512)).content().toByteArray();
    Geometry geometry = FatFileSystemTest.geometry(Content.of(bytes));
    bytes[(int) geometry.rootDirectoryOffsetBytes() + 32 + 12] = 0x10;
    assertThat(FatImage.read(Content.of(bytes)).tree().find("NAME.ext")).isPresent();
  }

  @Test
  void whatIsNoVolume() {
    assertThatThrownBy(() -> FatImage.read(Content.hole(1 << 20)))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("no FAT volume")
        .hasMessageEndingWith("(at byte 510)");
  }

  private static void assertRefused(byte[] bytes, String message) {
    assertThatThrownBy(() -> FatImage.read(Content.of(bytes)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
  }

  private static byte[] volume(FatType type) throws Exception {
    FileTree tree =
        Volumes.tree()
            .put("EFI/BOOT/BOOTX64.EFI", Volumes.file(40_000, 1))
            .put("EFI/debian/grub.cfg", Volumes.file(417, 2))
            .put("a long name in the root", Volumes.file(1417, 3))
            .build();
    return FatFileSystem.of(tree, Volumes.options(512).withType(type)).content().toByteArray();
  }

  /// Where a change is likely to matter: the boot sector, a table, the directories.
  private static int interesting(byte[] bytes, Random random) throws IOException {
    return switch (random.nextInt(4)) {
      case 0 -> 11 + random.nextInt(60);
      case 1 -> TABLE + random.nextInt(1000);
      case 2 -> random.nextInt(Math.min(bytes.length, 60_000));
      default -> random.nextInt(bytes.length);
    };
  }

  /// Reads a volume to its last byte, and says whether that worked.
  static boolean readsOrRefuses(byte[] bytes) throws IOException {
    try {
      FatImage.read(Content.of(bytes)).tree().walk(FatImageTest::readAll);
      return true;
    } catch (FormatException _) {
      return false;
    }
  }

  private static void readAll(TreePath path, Inode inode) throws IOException {
    if (inode instanceof RegularFile file) {
      try (var stream = file.content().asInputStream()) {
        stream.readAllBytes();
      }
    }
  }
}
