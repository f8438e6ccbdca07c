package io.github.container2boot.build;

import java.nio.file.Path;

/// What was asked for cannot be made of this image.
public final class BuildException extends Exception {
  private final transient Problem problem;

  BuildException(Problem problem) {
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

  /// A directory of files is asked for, but the root is larger than a file on FAT can be.
  public record RootTooLargeForEsp(long sizeBytes, long mostBytes) implements Problem {
    @Override
    public String message() {
      return "the root file system takes %d bytes; a file on an EFI system partition has at most %d"
          .formatted(sizeBytes, mostBytes);
    }
  }

  /// What lies in a directory of an earlier build is not a whole EFI system partition.
  ///
  /// @param path what is missing, or not what it should be
  /// @param found what is there
  public record IncompleteEsp(Path path, String found) implements Problem {
    @Override
    public String message() {
      return "%s: expected a file of the system to boot, found %s".formatted(path, found);
    }
  }
}
