package io.github.container2boot.run;

import io.github.container2boot.boot.Architecture;
import java.nio.file.Path;
import java.util.List;

/// A machine that could not be started, or did not do what was expected of it.
public final class RunException extends Exception {
  private final transient Problem problem;

  public RunException(Problem problem) {
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

  /// QEMU is nowhere in PATH.
  public record NoEmulator(String program, Architecture architecture) implements Problem {
    @Override
    public String message() {
      return program + ": not found in PATH";
    }
  }

  /// No firmware for this architecture is installed.
  public record NoFirmware(Architecture architecture, boolean secureBoot) implements Problem {
    @Override
    public String message() {
      return secureBoot
          ? "no UEFI firmware for %s that enforces Secure Boot with enrolled keys"
              .formatted(architecture)
          : "no UEFI firmware for " + architecture;
    }
  }

  /// The boot loader on the disk is for none of the architectures known here, or there is none.
  public record NotBootable(Path disk) implements Problem {
    @Override
    public String message() {
      return "%s: no boot loader for any known architecture is on it".formatted(disk);
    }
  }

  /// A port of this machine that was to lead to the guest cannot be had.
  public record PortTaken(PortForward port, String reason) implements Problem {
    @Override
    public String message() {
      return "port %d of this machine: %s".formatted(port.hostPort(), reason);
    }
  }

  /// QEMU ended with an error.
  ///
  /// @param words the last it said on standard error
  public record EmulatorFailed(String program, int exitCode, String words) implements Problem {
    @Override
    public String message() {
      return words.isEmpty()
          ? "%s: exit code %d".formatted(program, exitCode)
          : words.startsWith(program) ? words : program + ": " + words;
    }
  }

  /// The console did not show what was expected.
  ///
  /// @param why what ended the waiting
  /// @param lastLines the last that the console showed
  public record NotSeen(String expected, String why, List<String> lastLines) implements Problem {
    public NotSeen {
      lastLines = List.copyOf(lastLines);
    }

    @Override
    public String message() {
      return "%s, and the console has not shown \"%s\"".formatted(why, expected);
    }
  }
}
