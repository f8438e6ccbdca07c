package io.github.container2boot.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The Debian 13 machine of examples/debian, made once by mmdebstrap and kept between runs.
public final class Machine {
  /// The user of examples/democreds, who may use sudo.
  public static final String USER = "demo";

  public static final String PASSWORD = "container2boot";

  private Machine() {}

  /// The machine's root tarball; skips the running test where it can neither be found nor made.
  public static Path tarball() throws IOException {
    return made();
  }

  /// The same machine, without SELinux, for the architecture that Debian calls arm64. Where this is
  /// another, its packages are configured by emulation, which takes minutes.
  public static Path arm64Tarball() throws IOException {
    Tools.require("arch-test", "qemu-aarch64-static");
    return made("arm64");
  }

  private static synchronized Path made(String... architecture) throws IOException {
    assumeTrue(Files.isExecutable(SCRIPT), "needs the sources' examples/debian");
    Tools.require("mmdebstrap");
    Path log = Files.createTempFile("container2boot-machine", ".log");
    try {
      List<Object> command =
          new ArrayList<>(List.of("sh", "-c", "log=$1; shift; \"$0\" \"$@\" 2>\"$log\""));
      command.addAll(List.of(SCRIPT.toAbsolutePath(), log));
      command.addAll(List.of(architecture));
      Tools.Result result = Tools.execute(command.toArray());
      if (result.exitCode() != 0) {
        String words = Files.readString(log, StandardCharsets.ISO_8859_1);
        throw new AssertionError(
            "%s: exit code %d%n%s".formatted(SCRIPT, result.exitCode(), words));
      }
      return Path.of(result.text().strip());
    } finally {
      Files.delete(log);
    }
  }

  private static final Path SCRIPT = Path.of("examples", "debian", "cached-image");
}
