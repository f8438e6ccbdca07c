package io.github.container2boot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.container2boot.testing.Tools;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterruptionTest {
  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
  void aSignalLeavesNothingBehind(String signal, int exitCode) throws Exception {
    Path out = Files.createDirectory(temporary.resolve("out"));
    Files.writeString(out.resolve("disk.img"), "old");
    Process build = start(out);
    String err = interrupt(build, signal);
    assertThat(build.exitValue()).isEqualTo(exitCode);
    assertThat(err).isEqualTo("container2boot: interrupted\n");
    assertThat(names(out)).containsExactly("disk.img");
    assertThat(out.resolve("disk.img")).hasContent("old");
  }

  @Test
  void norADirectoryMadeForIt() throws Exception {
    Path out = temporary.resolve("new/out");
    interrupt(start(out), "INT");
    assertThat(temporary.resolve("new")).doesNotExist();
  }

  /// What cannot be caught is cleaned up by the next build.
  @Test
  void afterKillingTheNextBuildCleansUp() throws Exception {
    Path out = temporary.resolve("out");
    interrupt(start(out), "KILL");
    assertThat(names(out)).hasSize(1).first().asString().startsWith(".container2boot-");
    interrupt(start(out), "INT");
    assertThat(names(out)).isEmpty();
  }

  /// With the signals that whoever runs the tests may ignore: nohup and a shell's background do.
  private static Process start(Path out) throws Exception {
    Tools.require("kill");
    assumeTrue(
        Tools.execute("env", "--default-signal", "true").exitCode() == 0,
        "needs env --default-signal (coreutils 8.31)");
    return new ProcessBuilder(
            "env",
            "--default-signal=INT,HUP,TERM",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            InterruptedBuild.class.getName(),
            "build",
            "-o",
            out.toString(),
            "-")
        .start();
  }

  /// Sends the signal once the build writes, and waits for the end.
  ///
  /// @return what was said on standard error from then on
  private static String interrupt(Process build, String signal) throws Exception {
    try {
      BufferedReader err = build.errorReader(UTF_8);
      assertThat(err.readLine()).isEqualTo("Writing for ever");
      Tools.run("kill", "-" + signal, build.pid());
      assertThat(build.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return String.join("", err.lines().map(line -> line + "\n").toList());
    } finally {
      build.destroyForcibly();
    }
  }

  private static List<String> names(Path directory) throws Exception {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
