package io.github.container2boot.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The manual page of a command in the language of man(7), which groff and mandoc both read.
///
/// Commands of the program have a page each; commands below these are told of in theirs.
final class ManualPage {
  private static final String SECTION = "1";

  private final Roff page = new Roff();
  private final CommandSpec command;

  private ManualPage(CommandSpec command) {
    this.command = command;
  }

  /// The page of `command`.
  ///
  /// @param version of the program, `container2boot 0.1.0`
  /// @param date from when the program is
  static String of(CommandSpec command, String version, Instant date) {
    ManualPage manual = new ManualPage(command);
    manual.write(version, date);
    return manual.page.toString();
  }

  /// `container2boot-build.1`
  static String fileName(CommandSpec command) {
    return name(command) + "." + SECTION;
  }

  private static String name(CommandSpec command) {
    return command.qualifiedName("-");
  }

  private void write(String version, Instant date) {
    String day = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC).format(date);
    page.title(name(command).toUpperCase(Locale.ROOT), SECTION, day, version);
    page.macro("SH", "NAME");
    page.text(name(command) + " - " + HelpText.phrase(command));
    page.macro("SH", "SYNOPSIS");
    synopsis(command);
    page.macro("SH", "DESCRIPTION");
    page.text(HelpText.joined(command.usageMessage().description()));
    notes(command).forEach(page::paragraph);
    positionals(command);
    options();
    subcommands();
    examples();
    exitStatus();
    seeAlso();
  }

  private void synopsis(CommandSpec of) {
    List<String> words = new ArrayList<>(List.of(Roff.bold(of.qualifiedName())));
    words.add("[" + Roff.italic("OPTIONS") + "]");
    if (!HelpText.subcommands(of).isEmpty()) {
      words.add(Roff.italic("COMMAND"));
    }
    of.positionalParameters()
        .forEach(parameter -> {
          String label = Roff.italic(parameter.paramLabel());
          words.add(parameter.arity().min() == 0 ? "[" + label + "]" : label);
        });
    page.formatted(String.join(" ", words));
  }

  private void positionals(CommandSpec of) {
    of.positionalParameters()
        .forEach(
            parameter -> page.tagged(Roff.italic(parameter.paramLabel()), description(parameter)));
  }

  private void options() {
    page.macro("SH", "OPTIONS");
    for (ArgGroupSpec group : command.argGroups()) {
      page.macro("SS", HelpText.heading(group));
      group.options().forEach(this::option);
    }
    ungrouped(command).forEach(this::option);
  }

  private static Stream<OptionSpec> ungrouped(CommandSpec of) {
    return of.options().stream().filter(option -> option.group() == null && !option.hidden());
  }

  private void option(OptionSpec option) {
    page.tagged(
        Stream.of(option.names())
            .map(name -> nameAndValue(name, option))
            .collect(Collectors.joining(", ")),
        description(option));
  }

  private static String nameAndValue(String name, OptionSpec option) {
    if (!HelpText.takesValue(option)) {
      return Roff.bold(name);
    }
    String separator = name.startsWith("--") ? "=" : " ";
    String value = separator + Roff.italic(option.paramLabel());
    return Roff.bold(name) + (option.arity().min() == 0 ? "[" + value + "]" : value);
  }

  private static List<String> description(ArgSpec argument) {
    return Stream.of(argument.description()).map(HelpText::plain).toList();
  }

  /// Those with pages of their own are named; those below them are told of.
  private void subcommands() {
    List<CommandSpec> subcommands = HelpText.subcommands(command);
    if (subcommands.isEmpty()) {
      return;
    }
    page.macro("SH", "COMMANDS");
    for (CommandSpec subcommand : subcommands) {
      if (command.parent() == null) {
        page.tagged(
            Roff.bold(name(subcommand)) + "(" + SECTION + ")",
            List.of(HelpText.joined(subcommand.usageMessage().description())));
      } else {
        tellOf(subcommand);
      }
    }
  }

  private void tellOf(CommandSpec subcommand) {
    page.macro("SS", subcommand.name());
    synopsis(subcommand);
    page.paragraph(HelpText.joined(subcommand.usageMessage().description()));
    positionals(subcommand);
    ungrouped(subcommand)
        .filter(option -> !option.usageHelp() && !option.versionHelp())
        .forEach(this::option);
  }

  /// What the end of the help says beside its examples, which are indented there.
  private static List<String> notes(CommandSpec of) {
    List<String> paragraphs = new ArrayList<>();
    StringBuilder paragraph = new StringBuilder();
    for (String line : of.usageMessage().footer()) {
      boolean note = !line.isEmpty() && !isExample(line) && !announcesExamples(line);
      if (note) {
        paragraph.append(paragraph.isEmpty() ? "" : " ").append(HelpText.plain(line));
      } else if (!paragraph.isEmpty()) {
        paragraphs.add(paragraph.toString());
        paragraph.setLength(0);
      }
    }
    if (!paragraph.isEmpty()) {
      paragraphs.add(paragraph.toString());
    }
    return paragraphs;
  }

  private static boolean isExample(String line) {
    return line.startsWith("  ");
  }

  private static boolean announcesExamples(String line) {
    return line.endsWith(":") || line.endsWith("with");
  }

  private void examples() {
    List<String> examples =
        Stream.of(command.usageMessage().footer())
            .filter(ManualPage::isExample)
            .map(HelpText::plain)
            .toList();
    if (!examples.isEmpty()) {
      page.macro("SH", "EXAMPLES");
      page.verbatim(examples);
    }
  }

  private void exitStatus() {
    page.macro("SH", "EXIT STATUS");
    page.tagged("0", List.of("Done."));
    page.tagged(
        String.valueOf(Main.FAILED),
        List.of("It failed; the last line on standard error says why and what to do."));
    page.tagged(String.valueOf(Main.WRONG_USAGE), List.of("The command line is wrong."));
    page.tagged("130", List.of("Interrupted; nothing half-written is left."));
  }

  private void seeAlso() {
    CommandSpec root = command.root();
    List<CommandSpec> others = new ArrayList<>(List.of(root));
    others.addAll(HelpText.subcommands(root));
    others.remove(command);
    page.macro("SH", "SEE ALSO");
    page.formatted(
        others.stream()
            .map(other -> Roff.bold(name(other)) + "(" + SECTION + ")")
            .collect(Collectors.joining(",\n")));
  }
}
