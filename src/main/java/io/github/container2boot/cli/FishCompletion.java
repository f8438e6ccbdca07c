package io.github.container2boot.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Completions for fish, see complete(1) of fish: a line for every command, option and parameter,
/// with the condition under which it is offered.
final class FishCompletion {
  private final StringBuilder script = new StringBuilder();
  private final String program;

  private FishCompletion(String program) {
    this.program = program;
  }

  static String of(CommandSpec root) {
    FishCompletion completion = new FishCompletion(root.name());
    // Where files are expected, a line says so.
    completion.script.append("complete -c ").append(root.name()).append(" -f\n");
    completion.command(root, List.of());
    return completion.script.toString();
  }

  private void command(CommandSpec command, List<String> names) {
    List<CommandSpec> subcommands = HelpText.subcommands(command);
    String condition = condition(names, subcommands);
    for (CommandSpec subcommand : subcommands) {
      line(condition, "-a " + subcommand.name() + description(HelpText.phrase(subcommand)));
    }
    command.options().forEach(option -> line(condition, option(option)));
    command.positionalParameters().forEach(parameter -> line(condition, positional(parameter)));
    for (CommandSpec subcommand : subcommands) {
      List<String> below = new ArrayList<>(names);
      below.add(subcommand.name());
      command(subcommand, below);
    }
  }

  /// That all of `names` and none of the commands below them have been typed.
  private static String condition(List<String> names, List<CommandSpec> subcommands) {
    List<String> parts = new ArrayList<>();
    names.forEach(name -> parts.add("__fish_seen_subcommand_from " + name));
    if (!subcommands.isEmpty()) {
      String below = subcommands.stream().map(CommandSpec::name).collect(Collectors.joining(" "));
      parts.add("not __fish_seen_subcommand_from " + below);
    }
    return String.join("; and ", parts);
  }

  private static String option(OptionSpec option) {
    StringBuilder words = new StringBuilder();
    for (String name : option.names()) {
      words.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
    }
    if (HelpText.takesValue(option)) {
      String values = values(ArgumentValues.of(option));
      // what is optional stands behind an equals sign only, the next word is another argument
      words
          .append(" ")
          .append(option.arity().min() == 0 ? values.replaceFirst("^-x ", "") : values);
    }
    return words.substring(1) + description(HelpText.firstLine(option));
  }

  private static String positional(PositionalParamSpec parameter) {
    return values(ArgumentValues.of(parameter)).replaceFirst("^-x ", "");
  }

  private static String values(ArgumentValues values) {
    return switch (values) {
      case ArgumentValues.Choices(List<String> words, boolean commas) ->
          commas
              ? "-x -a '(__fish_append , %s)'".formatted(String.join(" ", words))
              : "-x -a '%s'".formatted(String.join(" ", words));
      case ArgumentValues.Directory _ -> "-x -a '(__fish_complete_directories)'";
      case ArgumentValues.FileOrDirectory _ -> "-F";
      case ArgumentValues.Anything _ -> "-x";
    };
  }

  private static String description(String text) {
    return text.isEmpty() ? "" : " -d " + quoted(text);
  }

  private static String quoted(String word) {
    return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private void line(String condition, String rest) {
    script
        .append("complete -c ")
        .append(program)
        .append(" -n '")
        .append(condition)
        .append("' ")
        .append(rest)
        .append('\n');
  }
}
