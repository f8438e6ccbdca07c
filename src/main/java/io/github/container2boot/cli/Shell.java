package io.github.container2boot.cli;

import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;

/// A shell that can complete this program's command line.
enum Shell {
  BASH("container2boot"),
  ZSH("_container2boot"),
  FISH("container2boot.fish");

  private final String fileName;

  Shell(String fileName) {
    this.fileName = fileName;
  }

  /// What its script is called where the shell looks for it.
  String fileName() {
    return fileName;
  }

  /// The script for all that `root` knows.
  String script(CommandLine root) {
    return switch (this) {
      case BASH -> AutoComplete.bash(root.getCommandName(), root);
      case ZSH -> ZshCompletion.of(root.getCommandSpec());
      case FISH -> FishCompletion.of(root.getCommandSpec());
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
