package io.github.container2boot.cli;

import io.github.container2boot.build.ImageBuilder;
import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;

/// Runs the command line and ends the process with its exit code.
public final class Main {
  static final String NAME = "container2boot";
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

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
      return commandLine(console, builder)
          .setParameterExceptionHandler(failures::wrongUsage)
          .setExecutionExceptionHandler(failures::failed)
          .execute(arguments);
    } catch (StackOverflowError | OutOfMemoryError error) {
      return failures.failed(error, false);
    }
  }

  /// The commands and their options, as completion and manual pages want them too.
  static CommandLine commandLine(Console console, BuildCommand.Builder builder) {
    return new CommandLine(
            Container2Boot.specification()
                .addSubcommand("build", new BuildCommand(console, builder).specification())
                .addSubcommand("run", new RunCommand(console, builder).specification())
                .addSubcommand("serve", new ServeCommand(console).specification())
                .addSubcommand("cache", new CacheCommand(console).specification())
                .addSubcommand("generate-completion", new CompletionCommand().specification())
                .addSubcommand("install", new InstallCommand(console).specification())
                .addSubcommand(
                    "rootbuilder", new RootbuilderCommand(console, builder).specification()))
        .setOut(writer(console.out()))
        .setErr(writer(console.err()))
        .setExpandAtFiles(false)
        .setOverwrittenOptionsAllowed(true)
        .setUsageHelpLongOptionsMaxWidth(22);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }
}
