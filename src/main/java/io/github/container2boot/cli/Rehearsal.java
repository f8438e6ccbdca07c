package io.github.container2boot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Runs the program as people do, so that Java learns for its ahead-of-time cache which classes and
/// methods that takes: it shows help, and builds a machine made up for it, which also comes from a
/// registry.
///
/// `java -XX:AOTCacheOutput=FILE -cp container2boot.jar io.github.container2boot.cli.Rehearsal DIR`
public final class Rehearsal {
  /// What distributions ship has each of these.
  private static final String REGISTRIES =
      """
      unqualified-search-registries = ["registry.example", "localhost:5000"]
      short-name-mode = "permissive"

      [[registry]]
      prefix = "registry.example/some"
      location = "another.example/some"
      insecure = false

      [aliases]
      # What a name without a registry means.
      "some" = "registry.example/library/some"
      "team/other-name_2" = "registry.example/team/other"
      """;

  private final Path directory;

  private Rehearsal(Path directory) {
    this.directory = directory;
  }

  /// Rehearses once.
  ///
  /// @param arguments an empty directory, in which everything is left: the archive of the machine,
  ///   its root, and its disk, made for a log (`cold`), for a terminal (`warm`), of what a registry
  ///   has (`fetched`), and of the root (`unpacked`)
  public static void main(String[] arguments) throws IOException {
    new Rehearsal(Path.of(arguments[0])).run();
  }

  private void run() throws IOException {
    RehearsalMachine machine = new RehearsalMachine();
    Path archive = Files.write(directory.resolve("machine.tar"), machine.archive());
    // To find out whether there is a terminal takes more classes than anything else about it.
    Console console = Console.ofThisProcess(environment());
    run(console, "--version");
    run(console, "--help");
    run(console, "build", "--help");
    build(console, archive.toString(), "cold");
    build(withTerminal(console), archive.toString(), "warm");
    fetch(console, machine);
    if (System.getProperty("os.name").equals("Linux")) {
      Path root = Files.createDirectory(directory.resolve("root"));
      RehearsalMachine.unpack(root);
      build(console, root.toString(), "unpacked");
    }
  }

  /// Nothing that this user has set up counts.
  private Map<String, String> environment() throws IOException {
    Path settings = directory.resolve("config");
    Path containers = Files.createDirectories(settings.resolve("containers"));
    Files.writeString(containers.resolve("registries.conf"), REGISTRIES);
    return Map.of(
        "TERM",
        "linux",
        "HOME",
        directory.toString(),
        "XDG_CACHE_HOME",
        directory.resolve("cache").toString(),
        "XDG_CONFIG_HOME",
        settings.toString(),
        "XDG_RUNTIME_DIR",
        directory.resolve("runtime").toString());
  }

  /// Where processes may not talk to each other, this is not rehearsed.
  private void fetch(Console console, RehearsalMachine machine) {
    try (RehearsalRegistry registry = new RehearsalRegistry(machine)) {
      Main.run(console, build(registry.source(), "fetched", "--no-cache"));
    } catch (IOException noLoopback) {
      // As above.
    }
  }

  private void build(Console console, String source, String name) {
    run(console, build(source, name));
  }

  private String[] build(String source, String name, String... options) {
    return Stream.concat(
            Stream.of(
                "build",
                "--platform=linux/amd64",
                "--append=quiet",
                "--output=" + directory.resolve(name),
                source),
            Stream.of(options))
        .toArray(String[]::new);
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
