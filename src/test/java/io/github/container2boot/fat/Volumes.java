package io.github.container2boot.fat;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/// Trees and options that the tests of this package share.
final class Volumes {
  static final Instant MODIFIED = Instant.parse("2026-11-22T12:34:56Z");
  static final Attributes DIRECTORY = Attributes.ofRoot(0_755, MODIFIED);
  static final Attributes FILE = Attributes.ofRoot(0_644, MODIFIED);

  private Volumes() {}

  static FileTreeBuilder tree() {
    return new FileTreeBuilder(DIRECTORY);
  }

  static RegularFile file(Content content) {
    return new RegularFile(FILE, content);
  }

  /// A file of `sizeBytes` bytes that no other seed gives.
  static RegularFile file(int sizeBytes, long seed) {
    byte[] bytes = new byte[sizeBytes];
    new Random(seed).nextBytes(bytes);
    return file(Content.of(bytes));
  }

  static FatOptions options(int sectorSizeBytes) {
    try {
      return FatOptions.exact(
          sectorSizeBytes, (1 << 20) / sectorSizeBytes, 0x1234_abcdL, VolumeLabel.of("EFI-SYSTEM"));
    } catch (FatException e) {
      throw new AssertionError(e);
    }
  }

  /// The tree of an EFI system partition, with a `container2boot/squashfs.img` of this size.
  static FileTree systemPartition(long squashfsBytes) {
    return tree()
        .put("EFI/BOOT/BOOTX64.EFI", file(949_000, 1))
        .put("EFI/BOOT/grubx64.efi", file(2_600_000, 2))
        .put("EFI/BOOT/mmx64.efi", file(850_000, 3))
        .put("EFI/debian/grub.cfg", file(417, 4))
        .put("EFI/BOOT/grub.cfg", file(417, 4))
        .put("container2boot/vmlinuz", file(5_000, 5))
        .put("container2boot/initrd.img", file(70_001, 6))
        .put("container2boot/empty", file(Content.empty()))
        .put("container2boot/squashfs.img", file(Content.hole(squashfsBytes)))
        .build();
  }

  private static final String CHARACTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-_+,;=[]!#$%&'()@^`{}~äßÖ日本é";

  /// A tree that only `random` knows: names of every kind, empty files, empty directories, many
  /// entries, deep paths.
  static FileTree random(Random random) {
    FileTreeBuilder tree = tree();
    fill(tree, "", random, 0, random.nextInt(4) == 0 ? 200 : 12);
    return tree.build();
  }

  private static void fill(
      FileTreeBuilder tree, String directory, Random random, int depth, int most) {
    Set<String> names = new HashSet<>();
    int count = random.nextInt(most + 1);
    for (int index = 0; index < count; index++) {
      String name = name(random);
      if (!names.add(name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT))) {
        continue;
      }
      String path = directory + "/" + name;
      if (depth < 4 && random.nextInt(5) == 0) {
        tree.put(path, Directory.empty(DIRECTORY));
        fill(tree, path, random, depth + 1, 12);
      } else {
        tree.put(path, file(size(random), random.nextLong()));
      }
    }
  }

  private static int size(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> random.nextInt(600);
      case 2 -> 512 * random.nextInt(20);
      default -> random.nextInt(30_000);
    };
  }

  private static String name(Random random) {
    int length = 1 + random.nextInt(random.nextInt(5) == 0 ? 80 : 13);
    StringBuilder name = new StringBuilder();
    for (int index = 0; index < length; index++) {
      name.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
    }
    String stripped = name.toString().replaceAll("[. ]+$", "");
    return stripped.isEmpty() ? "~" + random.nextInt(10) : stripped;
  }
}
