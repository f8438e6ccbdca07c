package io.github.container2boot.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A directory for what is needed while a command runs. It is deleted with all in it when it is
/// closed, and when the process is ended by a signal.
final class TemporaryDirectory implements Closeable {
  private static final Path FOR_LARGE_FILES = Path.of("/var/tmp");
  private static final int ATTEMPTS = 5;

  private final Path path;
  private final Thread hook = new Thread(this::delete, "delete temporary files");

  private TemporaryDirectory(Path path) {
    this.path = path;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// In $TMPDIR, else in /var/tmp: what is made here can be larger than memory, which /tmp often
  /// is.
  ///
  /// @param environment of the process
  static TemporaryDirectory create(Map<String, String> environment) throws IOException {
    Path parent =
        Optional.ofNullable(environment.get("TMPDIR"))
            .filter(name -> !name.isEmpty())
            .map(Path::of)
            .orElse(FOR_LARGE_FILES);
    return new TemporaryDirectory(
        Files.isWritable(parent)
            ? Files.createTempDirectory(parent, "container2boot-run-")
            : Files.createTempDirectory("container2boot-run-"));
  }

  Path path() {
    return path;
  }

  /// Others may still be cleaning up in it when a signal ends the process.
  private void delete() {
    for (int attempt = 0; attempt < ATTEMPTS && Files.exists(path); attempt++) {
      for (Path file : content()) {
        try {
          Files.deleteIfExists(file);
        } catch (IOException tryAgain) {
          // it is not empty any more
        }
      }
    }
  }

  private List<Path> content() {
    try (Stream<Path> files = Files.walk(path)) {
      return files.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException | UncheckedIOException gone) {
      return List.of(path);
    }
  }

  @Override
  public void close() {
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // It is running, or has run.
    }
  }
}
