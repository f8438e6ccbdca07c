package io.github.container2boot.gpt;

import io.github.container2boot.bytes.ByteString;

/// Partitions cannot become the disk that was asked for.
public final class GptException extends Exception {
  private final transient Problem problem;

  GptException(Problem problem) {
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

  /// A partition's label does not fit.
  ///
  /// @param reason what is wrong with it, to be read after the name
  public record NameNotRepresentable(String name, String reason) implements Problem {
    @Override
    public String message() {
      return "partition name \"%s\" %s".formatted(ByteString.utf8(name), reason);
    }
  }

  /// The partitions do not fit the size that was asked for.
  ///
  /// @param sizeBytes what was asked for
  /// @param leastBytes the least that works
  public record DiskTooSmall(long sizeBytes, long leastBytes) implements Problem {
    @Override
    public String message() {
      return "a disk of %d bytes is too small for its partitions, which need at least %d"
          .formatted(sizeBytes, leastBytes);
    }
  }

  /// The size that was asked for is no whole number of sectors.
  public record NotWholeSectors(long sizeBytes, int sectorSizeBytes) implements Problem {
    @Override
    public String message() {
      return "a disk of %d bytes is no whole number of sectors of %d bytes"
          .formatted(sizeBytes, sectorSizeBytes);
    }
  }

  /// There are more partitions than the table has entries.
  public record TooManyPartitions(int count, int most) implements Problem {
    @Override
    public String message() {
      return "%d partitions: the table holds at most %d".formatted(count, most);
    }
  }
}
