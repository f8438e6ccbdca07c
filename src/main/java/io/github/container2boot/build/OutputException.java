package io.github.container2boot.build;

import java.io.IOException;
import java.nio.file.Path;

/// An output cannot be written, through no fault of the input.
public final class OutputException extends IOException {
  private final Problem problem;

  public OutputException(Problem problem, Throwable cause) {
    super(problem.message(), cause);
    this.problem = problem;
  }

  public OutputException(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  /// What is in the way.
  public sealed interface Problem {
    Path path();

    /// One line.
    String message();

    /// The file system under `path` is full. Of the `sizeBytes` of the file, `writtenBytes` found
    /// room; both are 0 where there is no telling.
    record NoSpace(Path path, long sizeBytes, long writtenBytes) implements Problem {
      @Override
      public String message() {
        return sizeBytes == 0
            ? path + ": no space left"
            : "%s: no space left after %d of %d bytes".formatted(path, writtenBytes, sizeBytes);
      }
    }

    /// The file system under `path` does not take files this large.
    record TooLarge(Path path, long sizeBytes) implements Problem {
      @Override
      public String message() {
        return sizeBytes == 0
            ? path + ": a file grows too large for its file system or the limits of this process"
            : "%s: a file of %d bytes is too large for its file system or the limits of this process"
                .formatted(path, sizeBytes);
      }
    }

    /// This user may not write there.
    record NotPermitted(Path path) implements Problem {
      @Override
      public String message() {
        return path + ": no permission to write";
      }
    }

    /// The file system is mounted read-only.
    record ReadOnly(Path path) implements Problem {
      @Override
      public String message() {
        return path + ": the file system is read-only";
      }
    }

    /// What lies at `path` is of another kind than what should replace it.
    record InTheWay(Path path, String expected) implements Problem {
      @Override
      public String message() {
        return "%s: expected %s".formatted(path, expected);
      }
    }

    /// A name that the file system under `path` does not take.
    record BadName(Path path, String name) implements Problem {
      @Override
      public String message() {
        return "%s: cannot hold a file named \"%s\"".formatted(path, name);
      }
    }

    /// Anything else, in the words of the operating system.
    record Failed(Path path, String reason) implements Problem {
      @Override
      public String message() {
        return path + ": " + reason;
      }
    }
  }
}
