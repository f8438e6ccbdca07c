package io.github.container2boot.cli;

import io.github.container2boot.build.ToolVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;

/// The command without a subcommand.
@Command(
    name = Main.NAME,
    description = "Turns a container image into a bootable operating system.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    versionProvider = Container2Boot.Version.class,
    footer = {
      "",
      "It needs neither root nor anything else of this machine: no loop devices, no",
      "containers, no helper programs. Nothing from the image is run.",
      "",
      "Example:",
      "  @|bold container2boot build oci-archive:machine.tar|@",
      "  @|bold container2boot build --help|@"
    })
@SuppressWarnings("UnusedVariable") // picocli reads them.
final class Container2Boot {
  @Mixin private HelpOptions help = new HelpOptions();

  /// The first line of `--version`.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {Main.NAME + " " + ToolVersion.current()};
    }
  }
}
