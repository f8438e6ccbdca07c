package io.github.container2boot.fat;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.tree.TreePath;

/// A tree cannot become the FAT volume that was asked for.
public final class FatException extends Exception {
  private final transient Problem problem;

  FatException(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  /// What is in the way.
  public sealed interface Problem {
    /// The problem in one line.
    String message();
  }

  /// A file's size does not fit its directory entry's 32 bits.
  public record FileTooLarge(TreePath path, long sizeBytes) implements Problem {
    /// The largest file FAT can hold. The kernel and firmware take it; dosfstools 4.2 counts the
    /// bytes of a file's clusters in 32 bits, and takes one for damaged whose last cluster reaches
    /// 4 GiB.
    public static final long MOST_BYTES = 0xffff_ffffL;

    @Override
    public String message() {
      return "%s: a file on FAT has at most %d bytes, this one has %d"
          .formatted(path, MOST_BYTES, sizeBytes);
    }
  }

  /// FAT cannot hold a name.
  ///
  /// @param reason what is wrong with it, to be read after the name
  public record NameNotRepresentable(TreePath path, String reason) implements Problem {
    @Override
    public String message() {
      return "%s: FAT cannot hold this name: it %s".formatted(path, reason);
    }
  }

  /// Two names in one directory differ in nothing but case, which FAT does not tell apart.
  public record NamesCollide(TreePath first, TreePath second) implements Problem {
    @Override
    public String message() {
      return "%s and %s are the same name on FAT, which does not tell case apart"
          .formatted(first, second);
    }
  }

  /// FAT knows files and directories only.
  ///
  /// @param type what was found, such as "symbolic link"
  public record TypeNotRepresentable(TreePath path, String type) implements Problem {
    @Override
    public String message() {
      return "%s: FAT holds files and directories, this is a %s".formatted(path, type);
    }
  }

  /// A directory needs more entries than it can have. Long names take several.
  public record DirectoryTooLarge(TreePath path, long entries, long mostEntries)
      implements Problem {
    @Override
    public String message() {
      return "%s: this directory can have at most %d FAT directory entries, its names need %d"
          .formatted(path, mostEntries, entries);
    }
  }

  /// The content does not fit the size that was asked for.
  ///
  /// @param sizeBytes what was asked for
  /// @param leastBytes the least that works
  public record VolumeTooSmall(long sizeBytes, long leastBytes) implements Problem {
    @Override
    public String message() {
      return "a FAT volume of %d bytes is too small for its content, which needs at least %d"
          .formatted(sizeBytes, leastBytes);
    }
  }

  /// No FAT volume of the type (or no type at all) can be so large.
  ///
  /// @param sizeBytes what was asked for, or what the content takes
  /// @param type the types that were tried, such as "FAT16"
  public record VolumeTooLarge(long sizeBytes, String type) implements Problem {
    @Override
    public String message() {
      return "%d bytes are more than a %s volume can hold".formatted(sizeBytes, type);
    }
  }

  /// A volume label is too long or has characters it must not have.
  public record LabelNotRepresentable(String label, String reason) implements Problem {
    @Override
    public String message() {
      return "FAT volume label \"%s\" %s".formatted(ByteString.utf8(label), reason);
    }
  }
}
