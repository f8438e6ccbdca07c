package io.github.container2boot.cli;

import io.github.container2boot.build.ToolVersion;
import java.util.List;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;

/// How commands are described, without annotations (see [Option]).
final class Commands {
  private Commands() {}

  /// A command that runs `program`, a Callable.
  static CommandSpec of(Object program, String... description) {
    return described(CommandSpec.wrapWithoutInspection(program), description);
  }

  /// A command that has nothing but subcommands.
  static CommandSpec ofSubcommands(String... description) {
    return described(CommandSpec.create(), description);
  }

  private static CommandSpec described(CommandSpec command, String... description) {
    command.usageMessage().description(description);
    return command.versionProvider(() -> new String[] {Main.NAME + " " + ToolVersion.current()});
  }

  /// Options that stand together in the help.
  static ArgGroupSpec group(String heading, Option<?>... options) {
    return group(heading, List.of(options));
  }

  static ArgGroupSpec group(String heading, List<Option<?>> options) {
    ArgGroupSpec.Builder group =
        ArgGroupSpec.builder().validate(false).heading("%n" + heading + ":%n");
    options.forEach(option -> group.addArg(option.specification()));
    return group.build();
  }

  /// What commands have that have no other options.
  static CommandSpec withHelpOptions(CommandSpec command) {
    command.usageMessage().optionListHeading("%nOptions:%n");
    return command
        .addOption(Option.help().specification())
        .addOption(Option.version().specification());
  }
}
