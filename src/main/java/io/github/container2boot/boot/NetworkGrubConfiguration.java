package io.github.container2boot.boot;

/// A `grub.cfg` that boots one kernel from a server, see [GrubConfiguration].
///
/// @param title the menu entry, for people
/// @param commandLine what the kernel is given
/// @param server as GRUB names it: `http,10.0.0.1:8080`
/// @param kernel the kernel's path on it
/// @param initrd the initrd's path on it
/// @param timeoutSeconds how long the menu is shown
public record NetworkGrubConfiguration(
    String title,
    CommandLine commandLine,
    String server,
    String kernel,
    String initrd,
    int timeoutSeconds) {
  /// Refuses what GRUB would pass on changed.
  ///
  /// @throws BootException with [BootProblem.UnsuitableArgument]
  public static void requireSuitable(CommandLine commandLine) throws BootException {
    GrubConfiguration.requireSuitable(commandLine);
  }

  /// The configuration's text.
  public String text() {
    return """
    # Made by container2boot.
    %sset default=0
    set timeout=%d

    %s\
    """
        .formatted(
            GrubConfiguration.terminal(commandLine),
            timeoutSeconds,
            GrubConfiguration.menuEntry(
                ShellText.withoutControls(title), file(kernel), commandLine, file(initrd)));
  }

  private String file(String path) {
    return GrubConfiguration.quoted("(" + server + ")" + path);
  }
}
