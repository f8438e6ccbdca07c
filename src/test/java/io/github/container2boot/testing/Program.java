package io.github.container2boot.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The program as its users run it: a process of its own, from the classes under test.
public final class Program {
  private static final String MAIN = "io.github.container2boot.cli.Main";

  private Program() {}

  /// Runs the program; returns what it printed and its exit code.
  public static Tools.Result execute(Object... arguments) {
    List<Object> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java"));
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(List.of(arguments));
    return Tools.execute(command.toArray());
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
