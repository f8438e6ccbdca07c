package io.github.container2boot.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// Prints what a shell needs to complete this program's options.
final class CompletionCommand implements Callable<Integer> {
  private final CommandSpec specification;

  CompletionCommand() {
    specification = Commands.of(this, "Print a completion script for bash and zsh.");
    specification
        .usageMessage()
        .footer("", "Use it with", "  @|bold source <(container2boot generate-completion)|@");
    Commands.withHelpOptions(specification);
  }

  CommandSpec specification() {
    return specification;
  }

  @Override
  public Integer call() {
    CommandLine root = specification.root().commandLine();
    root.getOut().print(AutoComplete.bash(root.getCommandName(), root));
    root.getOut().flush();
    return 0;
  }
}
