package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A kernel command line.
///
/// The kernel splits at blanks outside double quotes and drops the quotes (lib/cmdline.c,
/// next_arg); there is no way to pass a double quote itself.
///
/// @param arguments one each, without quotes
public record CommandLine(List<String> arguments) {
  private static final Pattern SERIAL =
      Pattern.compile("console=ttyS([0-3])(?:,([0-9]{2,7})([noe])?([78])?r?)?");

  /// GRUB puts `BOOT_IMAGE=(device)path` before the arguments.
  private static final int BOOT_IMAGE_BYTES = 64;

  private static final int USUAL_SPEED = 115200;

  public CommandLine {
    arguments = List.copyOf(arguments);
  }

  /// A serial line that is a console.
  ///
  /// @param unit 0 to 3: COM1 to COM4
  /// @param speed bits a second
  /// @param parity `no`, `odd` or `even`
  /// @param wordBits bits of a character
  public record SerialConsole(int unit, int speed, String parity, int wordBits) {}

  /// What boots the root that lies at `location`.
  public static CommandLine of(RootLocation location) throws BootException {
    CommandLine line = new CommandLine(List.of());
    for (String argument : location.arguments()) {
      line = line.with(argument);
    }
    return line;
  }

  /// This and `argument`, which is one even with blanks in it.
  ///
  /// @throws BootException with [BootProblem.UnsuitableArgument]
  public CommandLine with(String argument) throws BootException {
    if (argument.isEmpty()) {
      throw unsuitable(argument, "is empty");
    }
    if (!argument.codePoints().allMatch(ShellText::isVisible)) {
      throw unsuitable(argument, "holds a control character");
    }
    if (argument.indexOf('"') >= 0) {
      throw unsuitable(argument, "holds a double quote, which the kernel cannot be given");
    }
    List<String> more = new ArrayList<>(arguments);
    more.add(argument);
    return new CommandLine(more);
  }

  /// This and all arguments in `text`, split as the kernel does.
  ///
  /// @throws BootException with [BootProblem.UnsuitableArgument]
  public CommandLine append(String text) throws BootException {
    CommandLine line = this;
    StringBuilder argument = new StringBuilder();
    boolean quoted = false;
    for (int index = 0; index < text.length(); index++) {
      char character = text.charAt(index);
      if (character == '"') {
        quoted = !quoted;
      } else if (!quoted && " \t\n\r".indexOf(character) >= 0) {
        line = argument.isEmpty() ? line : line.with(argument.toString());
        argument.setLength(0);
      } else {
        argument.append(character);
      }
    }
    if (quoted) {
      throw unsuitable(text, "has a double quote that is not closed");
    }
    return argument.isEmpty() ? line : line.with(argument.toString());
  }

  /// This, with the root at `location` and not where it said.
  public CommandLine at(RootLocation location) throws BootException {
    CommandLine line = of(location);
    for (String argument : arguments) {
      if (!RootLocation.isAboutLocation(argument)) {
        line = line.with(argument);
      }
    }
    return line;
  }

  /// The arguments as one text, those with blanks in double quotes.
  public String text() {
    return arguments.stream().map(CommandLine::quoted).collect(Collectors.joining(" "));
  }

  /// The first serial line that is a console; 115200 bits a second where it does not say.
  public Optional<SerialConsole> serialConsole() {
    return arguments.stream()
        .map(SERIAL::matcher)
        .filter(Matcher::matches)
        .map(CommandLine::serialConsole)
        .findFirst();
  }

  /// Asks whether the kernel keeps all of it.
  ///
  /// @throws BootException with [BootProblem.CommandLineTooLong] if a boot loader could not give
  ///   all of it to the kernel
  public void requireFits(KernelImage kernel) throws BootException {
    int sizeBytes = text().getBytes(UTF_8).length + BOOT_IMAGE_BYTES;
    if (sizeBytes > kernel.commandLineLimitBytes()) {
      throw new BootException(
          new BootProblem.CommandLineTooLong(
              sizeBytes - BOOT_IMAGE_BYTES, kernel.commandLineLimitBytes() - BOOT_IMAGE_BYTES));
    }
  }

  private static SerialConsole serialConsole(Matcher matcher) {
    String parity = matcher.group(3) == null ? "n" : matcher.group(3);
    return new SerialConsole(
        Integer.parseInt(matcher.group(1)),
        matcher.group(2) == null ? USUAL_SPEED : Integer.parseInt(matcher.group(2)),
        switch (parity) {
          case "o" -> "odd";
          case "e" -> "even";
          default -> "no";
        },
        matcher.group(4) == null ? 8 : Integer.parseInt(matcher.group(4)));
  }

  private static String quoted(String argument) {
    return argument.indexOf(' ') < 0 ? argument : '"' + argument + '"';
  }

  static BootException unsuitable(String argument, String reason) {
    return new BootException(new BootProblem.UnsuitableArgument(argument, reason));
  }
}
