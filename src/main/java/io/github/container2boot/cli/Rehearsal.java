package io.github.container2boot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Runs the program as people do, so that Java learns for its ahead-of-time cache which classes and
/// methods that takes: it shows help, and builds a machine made up for it.
///
/// `java -XX:AOTCacheOutput=FILE -cp container2boot.jar io.github.container2boot.cli.Rehearsal DIR`
public final class Rehearsal {
  private final Path directory;

  private Rehearsal(Path directory) {
    this.directory = directory;
  }

  /// Rehearses once.
  ///
  /// @param arguments an empty directory, in which everything is left: the archive of the machine,
  ///   its root, and its disk, made for a log (`cold`), for a terminal (`warm`), and of the root
  ///   (`unpacked`)
  public static void main(String[] arguments) throws IOException {
    new Rehearsal(Path.of(arguments[0])).run();
  }

  private void run() throws IOException {
    Path machine = Files.write(directory.resolve("machine.tar"), RehearsalMachine.archive());
    // To find out whether there is a terminal takes more classes than anything else about it.
    Console console =
        Console.ofThisProcess(
            Map.of("TERM", "linux", "XDG_CACHE_HOME", directory.resolve("cache").toString()));
    run(console, "--version");
    run(console, "--help");
    run(console, "build", "--help");
    build(console, machine, "cold");
    build(withTerminal(console), machine, "warm");
    if (System.getProperty("os.name").equals("Linux")) {
      Path root = Files.createDirectory(directory.resolve("root"));
      RehearsalMachine.unpack(root);
      build(console, root, "unpacked");
    }
  }

  private void build(Console console, Path machine, String name) {
    run(
        console,
        "build",
        "--platform=linux/amd64",
        "--append=quiet",
        "--output=" + directory.resolve(name),
        machine.toString());
  }

  private static Console withTerminal(Console console) {
    return new Console(
        console.in(),
        console.out(),
        console.err(),
        console.environment(),
        () -> Optional.of(() -> 80),
        console.nanoTime());
  }

  private static void run(Console console, String... arguments) {
    int exitCode = Main.run(console, arguments);
    if (exitCode != 0) {
      throw new IllegalStateException(
          "%s: exit code %d".formatted(String.join(" ", arguments), exitCode));
    }
  }
}
