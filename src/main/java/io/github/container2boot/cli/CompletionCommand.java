package io.github.container2boot.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Prints what a shell needs to complete this program's options.
@Command(
    name = "generate-completion",
    description = "Print a completion script for bash and zsh.",
    optionListHeading = "%nOptions:%n",
    footer = {"", "Use it with", "  @|bold source <(container2boot generate-completion)|@"})
@SuppressWarnings("UnusedVariable") // picocli reads them.
final class CompletionCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private HelpOptions help = new HelpOptions();

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    root.getOut().print(AutoComplete.bash(root.getCommandName(), root));
    root.getOut().flush();
    return 0;
  }
}
