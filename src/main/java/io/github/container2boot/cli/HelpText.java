package io.github.container2boot.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The texts of the help without what is for terminals only, for manual pages and completion.
final class HelpText {
  private HelpText() {}

  /// A text as it is shown, without colours.
  static String plain(String text) {
    return Ansi.OFF.string(text).replace("%n", "\n").replace("%%", "%").strip();
  }

  /// All of `lines` in one.
  static String joined(String[] lines) {
    return Stream.of(lines).map(HelpText::plain).collect(Collectors.joining(" "));
  }

  /// What a command is for, in a phrase: `show and clean up`.
  static String phrase(CommandSpec command) {
    String text = joined(command.usageMessage().description());
    int end = text.indexOf(". ");
    String sentence = end < 0 ? text : text.substring(0, end);
    String phrase =
        sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    return Character.toLowerCase(phrase.charAt(0)) + phrase.substring(1);
  }

  /// The first line of what is said of an option.
  static String firstLine(ArgSpec argument) {
    return argument.description().length == 0 ? "" : plain(argument.description()[0]);
  }

  /// A heading without its colon.
  static String heading(ArgGroupSpec group) {
    return plain(group.heading()).replaceAll(":$", "");
  }

  /// Commands that people are meant to know.
  static List<CommandSpec> subcommands(CommandSpec command) {
    return command.subcommands().values().stream()
        .distinct()
        .map(subcommand -> subcommand.getCommandSpec())
        .filter(specification -> !specification.usageMessage().hidden())
        .toList();
  }

  static boolean takesValue(OptionSpec option) {
    return option.arity().max() > 0;
  }

  /// Whether it may be given more than once.
  static boolean isRepeatable(OptionSpec option) {
    return option.isMultiValue();
  }
}
