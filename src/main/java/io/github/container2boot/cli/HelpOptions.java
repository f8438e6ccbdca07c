package io.github.container2boot.cli;

import picocli.CommandLine.Option;

/// What every command has.
@SuppressWarnings("UnusedVariable") // picocli acts on these by itself.
final class HelpOptions {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;
}
