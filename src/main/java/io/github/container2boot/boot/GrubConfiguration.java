package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.boot.CommandLine.SerialConsole;
import java.util.List;
import java.util.stream.Collectors;

/// A `grub.cfg` that boots one kernel.
///
/// Everything that comes from the image or the user stands in single quotes, where GRUB's shell
/// expands nothing; a single quote itself is written as `'\''` (GRUB manual, "Quoting").
///
/// GRUB boots whatever kernel is loaded when a menu entry ends, even if the initrd was too large
/// for its memory. The entry therefore asks whether each step worked, says so, waits, and leaves
/// GRUB: a kernel without its initrd would only panic, without a word about the cause.
///
/// @param title the menu entry, for people
/// @param commandLine what the kernel is given
/// @param timeoutSeconds how long the menu is shown
public record GrubConfiguration(String title, CommandLine commandLine, int timeoutSeconds) {

  /// How long a message is shown before GRUB ends.
  static final int FAILURE_SECONDS = 60;

  public GrubConfiguration {
    title = ShellText.withoutControls(title);
  }

  /// Refuses what GRUB's `linux` command would pass on changed: it puts a backslash before quotes
  /// and backslashes, except before one that begins `\xNN`.
  ///
  /// @throws BootException with [BootProblem.UnsuitableArgument]
  static void requireSuitable(CommandLine commandLine) throws BootException {
    for (String argument : commandLine.arguments()) {
      if (argument.replaceAll("\\\\x[0-9A-Fa-f]{2}", "").matches(".*['\\\\].*")) {
        throw CommandLine.unsuitable(
            argument, "holds a quote or backslash, which GRUB would pass on changed");
      }
    }
  }

  public byte[] toByteArray() {
    return text().getBytes(UTF_8);
  }

  /// The configuration's text.
  public String text() {
    return """
    # Made by container2boot.
    %sset default=0
    set timeout=%d

    # GRUB takes the device it was loaded from for its root; if not, look for it there, then anywhere.
    if [ ! -f %s ]; then
      regexp --set=1:device '^\\(([^()]+)\\)' "$cmdpath"
      if [ -n "$device" ]; then
        set root="$device"
      fi
    fi
    if [ ! -f %s ]; then
      search --no-floppy --file --set=root %s
    fi

    %s\
    """
        .formatted(
            terminal(commandLine),
            timeoutSeconds,
            EspTree.KERNEL,
            EspTree.KERNEL,
            EspTree.KERNEL,
            menuEntry(title, EspTree.KERNEL, commandLine, EspTree.INITRD));
  }

  /// @param kernel the file, as it is to stand in the configuration
  /// @param initrd likewise
  static String menuEntry(String title, String kernel, CommandLine commandLine, String initrd) {
    return """
    menuentry %s --id container2boot {
      echo 'Loading the kernel ...'
      if linux %s %s; then
        echo 'Loading the initrd ...'
        if initrd %s; then
          boot
        fi
        echo 'The initrd could not be loaded: this machine may have too little memory for it.'
      else
        echo 'The kernel could not be loaded.'
      fi
      echo 'Nothing is booted. GRUB ends in a minute, or with ESC.'
      sleep --interruptible %d
      exit
    }
    """
        .formatted(quoted(title), kernel, arguments(commandLine), initrd, FAILURE_SECONDS);
  }

  private static String arguments(CommandLine commandLine) {
    List<String> arguments = commandLine.arguments();
    return arguments.stream().map(GrubConfiguration::quoted).collect(Collectors.joining(" "));
  }

  /// What has GRUB talk on the serial line that the kernel will.
  static String terminal(CommandLine commandLine) {
    return commandLine.serialConsole().map(GrubConfiguration::terminal).orElse("");
  }

  /// GRUB images differ in whether they have the serial terminal; the firmware's console stays in
  /// any case.
  private static String terminal(SerialConsole console) {
    return """
    if serial --unit=%d --speed=%d --word=%d --parity=%s --stop=1; then
      terminal_input console serial
      terminal_output console serial
    fi
    """
        .formatted(console.unit(), console.speed(), console.wordBits(), console.parity());
  }

  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
