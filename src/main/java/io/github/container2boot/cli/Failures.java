package io.github.container2boot.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns what goes wrong into one line on standard error and an exit code.
final class Failures {
  private final Console console;

  Failures(Console console) {
    this.console = console;
  }

  /// The command line makes no sense.
  int wrongUsage(ParameterException wrong, String[] arguments) {
    say(usageProblem(wrong));
    return Main.WRONG_USAGE;
  }

  private static String usageProblem(ParameterException wrong) {
    ArgSpec argument = wrong.getArgSpec();
    if (argument instanceof OptionSpec option
        && wrong.getCause() instanceof TypeConversionException reason) {
      return option.longestName() + ": " + reason.getMessage();
    }
    String problem = OneLine.of(String.valueOf(wrong.getMessage()));
    String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
    return switch (wrong) {
      case UnmatchedArgumentException unmatched ->
          decapitalized(problem) + didYouMean(unmatched) + "; see '" + command + " --help'";
      default ->
          wrong.getCause() instanceof IllegalArgumentException
              ? problem
              : decapitalized(problem) + "; see '" + command + " --help'";
    };
  }

  private static String didYouMean(UnmatchedArgumentException unmatched) {
    List<String> suggestions = unmatched.getSuggestions();
    return suggestions.isEmpty() ? "" : ", did you mean " + suggestions.getFirst() + "?";
  }

  private static String decapitalized(String text) {
    return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }

  /// A command ended with `exception`.
  int failed(Exception exception, CommandLine command, ParseResult arguments) {
    boolean debug = command.<Object>getCommand() instanceof Debuggable own && own.debug();
    return failed(exception, debug);
  }

  int failed(Throwable failure, boolean debug) {
    if (Interruption.isUnderWay()) {
      return Main.FAILED;
    }
    if (debug) {
      failure.printStackTrace(console.err());
    }
    say(Remedies.describe(failure));
    return failure instanceof WrongUsage ? Main.WRONG_USAGE : Main.FAILED;
  }

  private void say(String problem) {
    console.err().println(Main.NAME + ": " + OneLine.of(problem));
  }
}
