package io.github.container2boot.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// A completion function for zsh, see zshcompsys(1): one function a command, made of `_arguments`.
///
/// As a file `_container2boot` in the function path it is loaded at its first use; sourced, it
/// registers itself.
final class ZshCompletion {
  private final StringBuilder script = new StringBuilder();

  private ZshCompletion() {}

  static String of(CommandSpec root) {
    ZshCompletion completion = new ZshCompletion();
    completion.line("#compdef " + root.name());
    completion.command(root);
    String function = function(root);
    completion.line("");
    completion.line("if [ \"${funcstack[1]}\" = %s ]; then".formatted(function));
    completion.line("  %s \"$@\"".formatted(function));
    completion.line("else");
    completion.line("  compdef %s %s".formatted(function, root.name()));
    completion.line("fi");
    return completion.script.toString();
  }

  private void command(CommandSpec command) {
    List<CommandSpec> subcommands = HelpText.subcommands(command);
    line("");
    line(function(command) + "() {");
    if (!subcommands.isEmpty()) {
      line("  local curcontext=\"$curcontext\" context state state_descr line");
      line("  typeset -A opt_args");
    }
    line("  _arguments -s -S" + (subcommands.isEmpty() ? "" : " -C") + arguments(command));
    if (!subcommands.isEmpty()) {
      dispatch(subcommands);
    }
    line("}");
    subcommands.forEach(this::command);
  }

  private void dispatch(List<CommandSpec> subcommands) {
    line("  case $state in");
    line("    command)");
    line("      local -a commands=(");
    subcommands.forEach(command ->
        line(
            "        "
                + quoted(command.name() + ":" + HelpText.phrase(command).replace(":", "\\:"))));
    line("      )");
    line("      _describe -t commands command commands");
    line("      ;;");
    line("    arguments)");
    line("      case ${line[1]} in");
    subcommands.forEach(
        command -> line("        %s) %s ;;".formatted(command.name(), function(command))));
    line("      esac");
    line("      ;;");
    line("  esac");
  }

  private static String arguments(CommandSpec command) {
    List<String> specifications = new ArrayList<>();
    command.options().forEach(option -> specifications.addAll(options(option)));
    command.positionalParameters().forEach(parameter -> specifications.add(positional(parameter)));
    if (!HelpText.subcommands(command).isEmpty()) {
      specifications.add("1:command:->command");
      specifications.add("*::argument:->arguments");
    }
    return specifications.stream()
        .map(specification -> " \\\n    " + quoted(specification))
        .collect(Collectors.joining());
  }

  /// One for each of the option's names: what it excludes, the name, what it is for, its value.
  private static List<String> options(OptionSpec option) {
    String excluded =
        HelpText.isRepeatable(option) ? "*" : "(" + String.join(" ", option.names()) + ")";
    return Stream.of(option.names())
        .map(name -> excluded + name + separator(option, name) + rest(option))
        .toList();
  }

  private static String separator(OptionSpec option, String name) {
    if (!HelpText.takesValue(option)) {
      return "";
    }
    if (option.arity().min() == 0) {
      return "=-";
    }
    return name.startsWith("--") ? "=" : "+";
  }

  private static String rest(OptionSpec option) {
    String description = "[" + escaped(HelpText.firstLine(option)) + "]";
    String colons = option.arity().min() == 0 ? "::" : ":";
    return HelpText.takesValue(option)
        ? description + colons + message(option) + ":" + action(ArgumentValues.of(option))
        : description;
  }

  private static String positional(PositionalParamSpec parameter) {
    String number = String.valueOf(parameter.index().min() + 1);
    String colons = parameter.arity().min() == 0 ? "::" : ":";
    return number + colons + message(parameter) + ":" + action(ArgumentValues.of(parameter));
  }

  private static String message(ArgSpec argument) {
    return argument.paramLabel().replace(":", "\\:");
  }

  private static String action(ArgumentValues values) {
    return switch (values) {
      case ArgumentValues.Choices(List<String> words, boolean commas) ->
          commas
              ? "_values -s , value " + String.join(" ", words)
              : "(" + String.join(" ", words) + ")";
      case ArgumentValues.Directory _ -> "_files -/";
      case ArgumentValues.FileOrDirectory(List<String> prefixes) ->
          prefixes.isEmpty() ? "_files" : "{ compset -P 1 \"[a-z-]#\\:\"; _files }";
      case ArgumentValues.Anything _ -> " ";
    };
  }

  private static String function(CommandSpec command) {
    return "_" + command.qualifiedName("_").replace('-', '_');
  }

  private static final Map<String, String> SPECIAL =
      Map.of("\\", "\\\\", "[", "\\[", "]", "\\]", ":", "\\:");

  private static String escaped(String text) {
    return text.chars()
        .mapToObj(Character::toString)
        .map(character -> SPECIAL.getOrDefault(character, character))
        .collect(Collectors.joining());
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private void line(String text) {
    script.append(text).append('\n');
  }
}
