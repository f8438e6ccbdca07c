package io.github.container2boot.cli;

import io.github.container2boot.build.ImageBuilder;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// Runs the command line and ends the process with its exit code.
public final class Main {
  static final String NAME = "container2boot";
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  /// Knows all other commands.
  private static final String COMPLETION = "generate-completion";

  private Main() {}

  public static void main(String[] arguments) {
    int exitCode = run(Console.ofThisProcess(), arguments);
    System.out.flush();
    System.err.flush();
    System.exit(exitCode);
  }

  /// Runs the command that `arguments` are, as this process does.
  ///
  /// @return the exit code
  static int run(Console console, String... arguments) {
    return run(console, (plan, progress) -> new ImageBuilder(plan, progress).build(), arguments);
  }

  static int run(Console console, BuildCommand.Builder builder, String... arguments) {
    Failures failures = new Failures(console);
    try {
      return commandLine(console, commands(console, builder, arguments))
          .setParameterExceptionHandler(failures::wrongUsage)
          .setExecutionExceptionHandler(failures::failed)
          .execute(arguments);
    } catch (StackOverflowError | OutOfMemoryError error) {
      return failures.failed(error, false);
    }
  }

  /// The commands and their options, as completion and manual pages want them too.
  static CommandLine commandLine(Console console, BuildCommand.Builder builder) {
    return commandLine(console, commands(console, builder));
  }

  private static CommandLine commandLine(
      Console console, Map<String, Supplier<CommandSpec>> commands) {
    CommandSpec root = Container2Boot.specification();
    commands.forEach((name, command) -> root.addSubcommand(name, command.get()));
    return new CommandLine(root)
        .setOut(writer(console.out()))
        .setErr(writer(console.err()))
        .setExpandAtFiles(false)
        .setOverwrittenOptionsAllowed(true)
        .setUsageHelpLongOptionsMaxWidth(22);
  }

  private static Map<String, Supplier<CommandSpec>> commands(
      Console console, BuildCommand.Builder builder) {
    Map<String, Supplier<CommandSpec>> commands = new LinkedHashMap<>();
    commands.put("build", () -> new BuildCommand(console, builder).specification());
    commands.put("run", () -> new RunCommand(console, builder).specification());
    commands.put("serve", () -> new ServeCommand(console).specification());
    commands.put("cache", () -> new CacheCommand(console).specification());
    commands.put(COMPLETION, () -> new CompletionCommand().specification());
    commands.put("install", () -> new InstallCommand(console).specification());
    commands.put("rootbuilder", () -> new RootbuilderCommand(console, builder).specification());
    return commands;
  }

  /// The command that `arguments` begin with, or all of them: to describe one takes milliseconds.
  private static Map<String, Supplier<CommandSpec>> commands(
      Console console, BuildCommand.Builder builder, String[] arguments) {
    Map<String, Supplier<CommandSpec>> all = commands(console, builder);
    String name = arguments.length == 0 ? "" : arguments[0];
    Supplier<CommandSpec> named = all.get(name);
    return named == null || name.equals(COMPLETION) ? all : Map.of(name, named);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }
}
