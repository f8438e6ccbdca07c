package io.github.container2boot.install;

import io.github.container2boot.build.OutputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Something cannot be installed, or not there.
public final class InstallException extends IOException {
  private final transient Problem problem;

  InstallException(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  InstallException(Problem problem, Throwable cause) {
    super(problem.message(), cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  /// What is in the way.
  public sealed interface Problem {
    /// One line.
    String message();
  }

  /// What should be installed is not a system that boots.
  ///
  /// @param reason what was expected and found, to be read after the path
  public record NotASystem(Path source, String reason) implements Problem {
    @Override
    public String message() {
      return "%s: %s".formatted(source, reason);
    }
  }

  /// The system does not lie in the EFI system partition alone.
  public record NeedsWholeDisk(Path source) implements Problem {
    @Override
    public String message() {
      return "%s: the root has a partition of its own, which no directory can hold"
          .formatted(source);
    }
  }

  /// Nothing can be installed to a thing of this kind.
  ///
  /// @param found what it is, with an article
  public record NotATarget(Path target, String found) implements Problem {
    @Override
    public String message() {
      return "%s: expected a directory or a block device, found %s".formatted(target, found);
    }
  }

  /// Files that somebody else has put there would be replaced.
  ///
  /// @param paths relative to `target`, at least one
  public record OfOthers(Path target, List<String> paths) implements Problem {
    @Override
    public String message() {
      String more = paths.size() == 1 ? "" : " and %d more".formatted(paths.size() - 1);
      return "%s: %s%s belong%s to another system"
          .formatted(target, paths.getFirst(), more, paths.size() == 1 ? "s" : "");
    }
  }

  /// What lies at a path is of another kind than what must go there.
  public record InTheWay(Path path, String expected) implements Problem {
    @Override
    public String message() {
      return "%s: expected %s or nothing".formatted(path, expected);
    }
  }

  /// Old and new system do not fit beside each other.
  ///
  /// @param neededBytes what would be written
  /// @param freeBytes what is free
  /// @param oldBytes what the system that is there takes
  public record NoRoom(Path target, long neededBytes, long freeBytes, long oldBytes)
      implements Problem {
    @Override
    public String message() {
      return "%s: expected %d bytes to be free, found %d".formatted(target, neededBytes, freeBytes);
    }

    /// Whether the new system would fit without the old one.
    public boolean fitsWithoutOld() {
      return oldBytes > 0 && neededBytes <= freeBytes + oldBytes;
    }
  }

  /// The initrd would not find the root there.
  ///
  /// @param device what is mounted there
  public record WrongPartitionName(Path target, String device, String expected, String found)
      implements Problem {
    @Override
    public String message() {
      return "%s: the system looks for a partition named %s, and %s is named \"%s\""
          .formatted(target, expected, device, found);
    }
  }

  /// The medium did not give back what was written.
  public record NotAsWritten(Path path) implements Problem {
    @Override
    public String message() {
      return path + ": reads back other than it was written";
    }
  }

  /// A device is needed for something else.
  ///
  /// @param use to be read after "is"
  public record InUse(Path device, String use) implements Problem {
    @Override
    public String message() {
      return "%s: is %s".formatted(device, use);
    }
  }

  /// A device is part of its machine.
  public record NotRemovable(Path device, String model, long sizeBytes) implements Problem {
    @Override
    public String message() {
      return "%s: expected something that is plugged in, found a disk of the machine itself%s"
          .formatted(device, model.isEmpty() ? "" : " (" + model + ")");
    }
  }

  /// A device cannot hold the system.
  ///
  /// @param reason to be read after the device
  public record DeviceUnfit(Path device, String reason) implements Problem {
    @Override
    public String message() {
      return "%s: %s".formatted(device, reason);
    }
  }

  /// The target cannot be written.
  public record NotWritten(OutputException.Problem problem) implements Problem {
    @Override
    public String message() {
      return problem.message();
    }
  }
}
