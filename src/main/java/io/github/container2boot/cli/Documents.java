package io.github.container2boot.cli;

import io.github.container2boot.build.ToolVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/// Writes what packages install beside the program: manual pages and completions, made from the
/// commands as they are; and the texts of their help, which the launcher shows without Java.
///
/// `java -cp container2boot.jar io.github.container2boot.cli.Documents DIRECTORY SECONDS`
public final class Documents {
  private final CommandLine program;

  private Documents(CommandLine program) {
    this.program = program;
  }

  /// Writes all of them.
  ///
  /// @param arguments a directory, where `man/`, `bash/`, `zsh/`, `fish/` and `texts/` are made,
  ///   and the time the pages are to state, in seconds since 1970
  public static void main(String[] arguments) throws IOException {
    Console console = Console.ofThisProcess();
    CommandLine program =
        Main.commandLine(
            console,
            (_, _) -> {
              throw new IllegalStateException("nothing is to be built");
            });
    Instant date = Instant.ofEpochSecond(Long.parseLong(arguments[1]));
    new Documents(program).write(Path.of(arguments[0]), date);
  }

  private void write(Path directory, Instant date) throws IOException {
    String version = Main.NAME + " " + ToolVersion.current();
    Path manual = Files.createDirectories(directory.resolve("man"));
    for (CommandSpec command : withPages()) {
      Files.writeString(
          manual.resolve(ManualPage.fileName(command)), ManualPage.of(command, version, date));
    }
    for (Shell shell : Shell.values()) {
      Path completions = Files.createDirectories(directory.resolve(shell.toString()));
      Files.writeString(completions.resolve(shell.fileName()), shell.script(program));
    }
    writeTexts(Files.createDirectories(directory.resolve("texts")), version);
  }

  /// `version`, `help` and `help-COMMAND`, each for a terminal with colours too.
  private void writeTexts(Path directory, String version) throws IOException {
    writeText(directory, "version", _ -> version + System.lineSeparator());
    for (CommandSpec command : withPages()) {
      String name = command.parent() == null ? "help" : "help-" + command.name();
      writeText(directory, name, command.commandLine()::getUsageMessage);
    }
  }

  private static void writeText(Path directory, String name, Function<Ansi, String> text)
      throws IOException {
    Files.writeString(directory.resolve(name), text.apply(Ansi.OFF));
    Files.writeString(directory.resolve(name + ".colour"), text.apply(Ansi.ON));
  }

  private List<CommandSpec> withPages() {
    List<CommandSpec> commands = new ArrayList<>(List.of(program.getCommandSpec()));
    commands.addAll(HelpText.subcommands(program.getCommandSpec()));
    return commands;
  }
}
