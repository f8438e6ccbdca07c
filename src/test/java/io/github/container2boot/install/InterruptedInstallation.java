package io.github.container2boot.install;

import io.github.container2boot.testing.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The program installing, killed (SIGKILL) after a while.
final class InterruptedInstallation {
  private InterruptedInstallation() {}

  /// @return whether it was still running
  static boolean run(Path source, Path target, Duration until) throws Exception {
    Process process =
        Program.process("install", "--progress=none", source, target)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return !process.waitFor(until.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
