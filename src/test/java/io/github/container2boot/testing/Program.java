package io.github.container2boot.testing;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The program as its users run it: a process of its own, from the classes under test.
public final class Program {
  private static final String MAIN = "io.github.container2boot.cli.Main";

  /// The user's own cache is none of a test's business.
  private static final Path CACHE = Path.of("target", "test-cache").toAbsolutePath();

  private Program() {}

  /// Runs the program; returns what it printed and its exit code.
  public static Tools.Result execute(Object... arguments) {
    return Tools.execute(command(System.getProperty("java.class.path"), arguments).toArray());
  }

  /// The program, to be started.
  public static ProcessBuilder process(Object... arguments) {
    return new ProcessBuilder(
        command(System.getProperty("java.class.path"), arguments).stream()
            .map(Object::toString)
            .toList());
  }

  /// Runs the program as the user nobody, from a copy of its classes in `classes`, which that user
  /// must be able to read. Needs root.
  public static Tools.Result executeAsNobody(Path classes, Object... arguments) {
    List<Object> command = new ArrayList<>(List.of("setpriv"));
    command.addAll(List.of("--reuid=65534", "--regid=65534", "--clear-groups", "--"));
    command.addAll(commandFromCopy(classes, arguments));
    return Tools.execute(classes, command.toArray());
  }

  /// The program's words, from a copy of its classes in `classes`, which any user can read.
  public static List<Object> commandFromCopy(Path classes, Object... arguments) {
    return command(copiedClassPath(classes), arguments);
  }

  private static List<Object> command(String classPath, Object... arguments) {
    List<Object> command = new ArrayList<>(List.of("env", "XDG_CACHE_HOME=" + CACHE));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java"));
    command.add("-Djdk.util.jar.version=21");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", classPath, MAIN));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String copiedClassPath(Path classes) {
    List<String> copies = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path copy = classes.resolve(copies.size() + "-" + Path.of(entry).getFileName());
      Tools.run("cp", "-rL", entry, copy);
      copies.add(copy.toString());
    }
    Tools.run("chmod", "-R", "a+rX", classes);
    return String.join(File.pathSeparator, copies);
  }

  /// Runs the program; an exit code other than 0 fails the test.
  public static String run(Object... arguments) {
    Tools.Result result = execute(arguments);
    if (result.exitCode() != 0) {
      throw new AssertionError(
          "container2boot %s: exit code %d%n%s"
              .formatted(List.of(arguments), result.exitCode(), result.text()));
    }
    return result.text();
  }
}
