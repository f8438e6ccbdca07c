package io.github.container2boot.cli;

import picocli.CommandLine.Model.CommandSpec;

/// The command without a subcommand.
final class Container2Boot {
  private Container2Boot() {}

  static CommandSpec specification() {
    CommandSpec command =
        Commands.ofSubcommands("Turns a container image into a bootable operating system.")
            .name(Main.NAME);
    command
        .usageMessage()
        .synopsisSubcommandLabel("COMMAND")
        .commandListHeading("%nCommands:%n")
        .footer(
            "",
            "It needs neither root nor anything else of this machine: no loop devices, no",
            "containers, no helper programs. Nothing from the image is run.",
            "",
            "Example:",
            "  @|bold container2boot build oci-archive:machine.tar|@",
            "  @|bold container2boot build --help|@");
    return Commands.withHelpOptions(command);
  }
}
