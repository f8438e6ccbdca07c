package io.github.container2boot.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The reference tools whose opinion the tests ask. Where one is missing, the test that needs it is
/// skipped, with a reason that names the tool.
public final class Tools {
  private static final List<Path> DIRECTORIES =
      Stream.concat(
              Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":")),
              Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin"))
          .filter(directory -> !directory.isEmpty())
          .distinct()
          .map(Path::of)
          .toList();

  private Tools() {}

  /// What a tool said.
  ///
  /// @param exitCode its exit code
  /// @param output its standard output and standard error, as they came
  public record Result(int exitCode, byte[] output) {
    public String text() {
      return new String(output, StandardCharsets.UTF_8);
    }
  }

  /// Skips the running test unless all these tools are installed.
  public static void require(String... names) {
    for (String name : names) {
      assumeTrue(find(name).isPresent(), () -> "needs " + name + ", which is not installed");
    }
  }

  /// Skips the running test unless it runs as root.
  public static void requireRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs to run as root");
  }

  public static Optional<Path> find(String name) {
    return DIRECTORIES.stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Runs a tool to its end and returns what it printed; an exit code other than 0 fails the test.
  public static String run(Object... command) {
    Result result = execute(command);
    if (result.exitCode() != 0) {
      throw new AssertionError(
          "%s: exit code %d%n%s"
              .formatted(words(command), result.exitCode(), result.text().strip()));
    }
    return result.text();
  }

  /// Runs a tool to its end, whatever its exit code will be.
  public static Result execute(Object... command) {
    return execute(Path.of("."), command);
  }

  /// Runs a tool in `directory` to its end, whatever its exit code will be.
  public static Result execute(Path directory, Object... command) {
    List<String> words = words(command);
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().merge("PATH", ":/usr/sbin:/sbin", String::concat);
    builder.environment().put("LC_ALL", "C.UTF-8");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readAllBytes();
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(words + " could not be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(words + " was interrupted", e);
    }
  }

  /// The command's words; a tool outside PATH, as in /usr/sbin, is named by its full path.
  private static List<String> words(Object... command) {
    List<String> words = new ArrayList<>(Arrays.stream(command).map(Object::toString).toList());
    find(words.getFirst()).ifPresent(path -> words.set(0, path.toString()));
    return words;
  }
}
