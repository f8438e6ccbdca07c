package io.github.container2boot.directory;

import java.io.IOException;

/// A directory cannot be read as it should be.
public final class DirectoryException extends IOException {
  private final transient Problem problem;

  DirectoryException(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  /// What is in the way. Paths are shown as the user knows them: with the directory's own in front,
  /// fit for one line.
  public sealed interface Problem {
    /// One line.
    String message();
  }

  /// The user who runs this may not read it.
  public record NotPermitted(String path) implements Problem {
    @Override
    public String message() {
      return "%s: no permission to read it".formatted(path);
    }
  }

  /// Somebody is at work there.
  ///
  /// @param how what happened, to be read after the path
  public record Changed(String path, String how) implements Problem {
    @Override
    public String message() {
      return "%s: %s while it was being read".formatted(path, how);
    }
  }

  /// It is longer or deeper than paths may be.
  public record TooDeep(String path) implements Problem {
    @Override
    public String message() {
      return "%s: expected a path of at most 512 names and 4096 bytes".formatted(path);
    }
  }

  /// What is there is nothing that a tree can hold.
  public record UnknownType(String path, int mode) implements Problem {
    @Override
    public String message() {
      return "%s: a file of an unknown type (mode 0%o)".formatted(path, mode);
    }
  }

  /// The operating system says no.
  public record Failed(String path, String reason) implements Problem {
    @Override
    public String message() {
      return "%s: cannot be read: %s".formatted(path, reason);
    }
  }

  /// Directories cannot be read on this machine.
  ///
  /// @param obstacle why
  public record NotHere(String path, String obstacle) implements Problem {
    @Override
    public String message() {
      return "%s: a directory can be read as a root file system on Linux only: %s"
          .formatted(path, obstacle);
    }
  }
}
