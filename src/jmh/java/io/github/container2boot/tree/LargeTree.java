package io.github.container2boot.tree;

import io.github.container2boot.bytes.Content;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Trees as large as those of the largest machines.
public final class LargeTree {
  /// How many inodes a whole one has, the root not counted.
  public static final int INODES = 200_000;

  /// How many of them are directories, with as many files each.
  public static final int DIRECTORIES = 2_000;

  public static final int FILES_EACH = INODES / DIRECTORIES - 1;

  private static final Instant MODIFIED = Instant.ofEpochSecond(1_700_000_000);
  private static final int[] PERMISSIONS = {0_644, 0_755, 0_600};

  private LargeTree() {}

  /// Directories `from` to `to` of a whole tree, each with all its files.
  public static FileTree of(int from, int to) {
    NavigableMap<FileName, Inode> top = new TreeMap<>();
    for (int directory = from; directory < to; directory++) {
      top.put(FileName.of("package-%04d".formatted(directory)), directory(directory));
    }
    return new FileTree(Directory.of(attributes(1), top));
  }

  private static Directory directory(int directory) {
    NavigableMap<FileName, Inode> files = new TreeMap<>();
    for (int file = 0; file < FILES_EACH; file++) {
      int number = directory * FILES_EACH + file;
      files.put(
          FileName.of("some-file-%06d.txt".formatted(number)),
          new RegularFile(attributes(number), Content.hole(1 + number % 100)));
    }
    return Directory.of(attributes(1), files);
  }

  private static Attributes attributes(int number) {
    return Attributes.ofRoot(
        PERMISSIONS[number % PERMISSIONS.length], MODIFIED.plusSeconds(number % 1000));
  }
}
