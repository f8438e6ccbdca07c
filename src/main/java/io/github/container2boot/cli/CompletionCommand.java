package io.github.container2boot.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Prints what a shell needs to complete this program's options.
final class CompletionCommand implements Callable<Integer> {
  private final CommandSpec specification;
  private Shell shell = Shell.BASH;

  CompletionCommand() {
    specification = Commands.of(this, "Print a completion script for bash, zsh or fish.");
    specification
        .usageMessage()
        .footer(
            "",
            "Use it with",
            "  @|bold source <(container2boot generate-completion bash)|@",
            "  @|bold source <(container2boot generate-completion zsh)|@",
            "  @|bold container2boot generate-completion fish | source|@");
    specification.addPositional(shellParameter());
    Commands.withHelpOptions(specification);
  }

  private PositionalParamSpec shellParameter() {
    Converters.ShellName known = new Converters.ShellName();
    return PositionalParamSpec.builder()
        .index("0")
        .arity("0..1")
        .paramLabel("SHELL")
        .completionCandidates(known)
        .converters(text -> {
          shell = known.convert(text);
          return text;
        })
        .description("bash, zsh or fish. [bash]")
        .build();
  }

  CommandSpec specification() {
    return specification;
  }

  @Override
  public Integer call() {
    CommandLine root = specification.root().commandLine();
    root.getOut().print(shell.script(root));
    root.getOut().flush();
    return 0;
  }
}
