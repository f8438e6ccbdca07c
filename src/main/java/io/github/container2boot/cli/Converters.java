package io.github.container2boot.cli;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.build.BuildPlan.RootSettings;
import io.github.container2boot.build.CompressionChoice;
import io.github.container2boot.build.DiskSize;
import io.github.container2boot.build.KernelChoice;
import io.github.container2boot.build.OutputFormat;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.oci.Platform;
import io.github.container2boot.run.PortForward;
import io.github.container2boot.serve.HardwareAddress;
import io.github.container2boot.serve.MachineChoice;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// What the options' values mean. What they do not mean is an error that says what is allowed.
final class Converters {
  private Converters() {}

  /// A converter that knows every value there is, for completion.
  abstract static class OneOf<T> implements ITypeConverter<T>, Iterable<String> {
    abstract List<String> allowed();

    @Override
    public Iterator<String> iterator() {
      return allowed().iterator();
    }

    TypeConversionException unknown(String value) {
      return new TypeConversionException(
          "unknown value '%s': expected %s".formatted(value, String.join(", ", allowed())));
    }
  }

  static final class Format extends OneOf<OutputFormat> {
    @Override
    public OutputFormat convert(String value) {
      return OutputFormat.named(value.strip()).orElseThrow(() -> unknown(value));
    }

    @Override
    List<String> allowed() {
      return OutputFormat.ALL.stream().map(OutputFormat::name).toList();
    }
  }

  /// `true` or `false`, as Go reads them.
  static final class Truth extends OneOf<Optional<Boolean>> {
    @Override
    public Optional<Boolean> convert(String value) {
      return switch (value.toLowerCase(Locale.ROOT)) {
        case "true", "t", "1" -> Optional.of(true);
        case "false", "f", "0" -> Optional.of(false);
        default -> throw unknown(value);
      };
    }

    @Override
    List<String> allowed() {
      return List.of("true", "false");
    }
  }

  static final class PathName implements ITypeConverter<Optional<Path>> {
    @Override
    public Optional<Path> convert(String value) {
      return Optional.of(path(value));
    }
  }

  static Path path(String value) {
    try {
      return Path.of(value);
    } catch (InvalidPathException wrong) {
      throw new TypeConversionException("'%s' is no path".formatted(value));
    }
  }

  static final class SectorSize extends OneOf<Integer> {
    @Override
    public Integer convert(String value) {
      return switch (value) {
        case "512" -> 512;
        case "4096", "4K", "4k" -> 4096;
        default -> throw unknown(value);
      };
    }

    @Override
    List<String> allowed() {
      return List.of("512", "4096");
    }
  }

  static final class Progress extends OneOf<ProgressDisplay.Mode> {
    @Override
    public ProgressDisplay.Mode convert(String value) {
      return Stream.of(ProgressDisplay.Mode.values())
          .filter(mode -> shown(mode).equals(value))
          .findFirst()
          .orElseThrow(() -> unknown(value));
    }

    @Override
    List<String> allowed() {
      return Stream.of(ProgressDisplay.Mode.values()).map(Progress::shown).toList();
    }

    private static String shown(ProgressDisplay.Mode mode) {
      return mode.name().toLowerCase(Locale.ROOT);
    }
  }

  static final class Compression extends OneOf<CompressionChoice> {
    @Override
    public CompressionChoice convert(String value) {
      try {
        return new CompressionChoice.Given(CompressionSettings.parse(value));
      } catch (IllegalArgumentException wrong) {
        throw new TypeConversionException(wrong.getMessage());
      }
    }

    @Override
    List<String> allowed() {
      return Stream.of(io.github.container2boot.compress.Compression.values())
          .map(Object::toString)
          .collect(Collectors.toList());
    }
  }

  static final class ShellName extends OneOf<Shell> {
    @Override
    public Shell convert(String value) {
      return Stream.of(Shell.values())
          .filter(shell -> shell.toString().equals(value))
          .findFirst()
          .orElseThrow(() -> unknown(value));
    }

    @Override
    List<String> allowed() {
      return Stream.of(Shell.values()).map(Shell::toString).toList();
    }
  }

  static final class Size implements ITypeConverter<DiskSize> {
    @Override
    public DiskSize convert(String value) {
      return value.equals("auto")
          ? new DiskSize.Automatic()
          : new DiskSize.Exactly(bytes(value, "a number with K, M, G or T behind it, or auto"));
    }
  }

  static final class Bytes implements ITypeConverter<OptionalLong> {
    @Override
    public OptionalLong convert(String value) {
      return OptionalLong.of(bytes(value, "a number with K, M, G or T behind it"));
    }
  }

  static final class Directory implements ITypeConverter<Optional<Path>> {
    @Override
    public Optional<Path> convert(String value) {
      try {
        return Optional.of(Path.of(value));
      } catch (InvalidPathException wrong) {
        throw expected("a directory", value);
      }
    }
  }

  static final class BlockSize implements ITypeConverter<Integer> {
    private static final String EXPECTED = "a power of two from 4K to 1M";

    @Override
    public Integer convert(String value) {
      long bytes = bytes(value, EXPECTED);
      if (Long.bitCount(bytes) != 1
          || bytes < RootSettings.LEAST_BLOCK_SIZE_BYTES
          || bytes > RootSettings.MOST_BLOCK_SIZE_BYTES) {
        throw expected(EXPECTED, value);
      }
      return (int) bytes;
    }
  }

  static final class Threads implements ITypeConverter<Integer> {
    private static final int MOST = 1024;

    @Override
    public Integer convert(String value) {
      if (value.matches("[0-9]{1,4}")) {
        int threads = Integer.parseInt(value);
        if (threads >= 1 && threads <= MOST) {
          return threads;
        }
      }
      throw expected("a number from 1 to " + MOST, value);
    }
  }

  /// The label is a GPT partition name, a kernel argument and a name below /dev/disk/by-partlabel:
  /// the characters that udev does not escape there need no quoting anywhere.
  static final class Label implements ITypeConverter<String> {
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9#+.:=@_-]{1,36}");

    @Override
    public String convert(String value) {
      if (!LABEL.matcher(value).matches()) {
        throw expected("1 to 36 letters, digits and #+-.:=@_", value);
      }
      return value;
    }
  }

  static final class PlatformName implements ITypeConverter<Optional<Platform>> {
    @Override
    public Optional<Platform> convert(String value) {
      try {
        return Optional.of(Platform.parse(value));
      } catch (IllegalArgumentException wrong) {
        throw new TypeConversionException(wrong.getMessage());
      }
    }
  }

  static final class OnOrOff extends OneOf<MachineOptions.SecureBootChoice> {
    @Override
    public MachineOptions.SecureBootChoice convert(String value) {
      return Stream.of(MachineOptions.SecureBootChoice.values())
          .filter(choice -> choice.name().toLowerCase(Locale.ROOT).equals(value))
          .findFirst()
          .orElseThrow(() -> unknown(value));
    }

    @Override
    List<String> allowed() {
      return List.of("auto", "on", "off");
    }
  }

  static final class Processor extends OneOf<Optional<Architecture>> {
    @Override
    public Optional<Architecture> convert(String value) {
      return Optional.of(
          Stream.of(Architecture.values())
              .filter(
                  known -> known.toString().equals(value) || known.containerName().equals(value))
              .findFirst()
              .orElseThrow(() -> unknown(value)));
    }

    @Override
    List<String> allowed() {
      return Stream.of(Architecture.values()).map(Architecture::toString).toList();
    }
  }

  static final class Port implements ITypeConverter<PortForward> {
    private static final Pattern PORTS = Pattern.compile("([0-9]{1,5}):([0-9]{1,5})");

    @Override
    public PortForward convert(String value) {
      Matcher ports = PORTS.matcher(value);
      try {
        if (ports.matches()) {
          return new PortForward(
              Integer.parseInt(ports.group(1)), Integer.parseInt(ports.group(2)));
        }
      } catch (IllegalArgumentException outOfRange) {
        throw expected(EXPECTED, value);
      }
      throw expected(EXPECTED, value);
    }

    private static final String EXPECTED = "two ports, as in 2222:22";
  }

  /// Where a server listens.
  ///
  /// @param port empty: where another option says
  record Listening(InetAddress address, OptionalInt port) {
    static Listening loopback() {
      return new Listening(InetAddress.getLoopbackAddress(), OptionalInt.empty());
    }
  }

  static final class ListenAddress implements ITypeConverter<Listening> {
    private static final Pattern FORM =
        Pattern.compile(
            "(\\[[0-9A-Fa-f:.%]+\\]|[^:\\[\\]]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?::([0-9]{1,5}))?");
    private static final String EXPECTED =
        "an address of this machine and perhaps a port, as in 192.168.1.1:8080";

    @Override
    public Listening convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (!matcher.matches()) {
        throw expected(EXPECTED, value);
      }
      try {
        OptionalInt port =
            matcher.group(2) == null
                ? OptionalInt.empty()
                : new PortNumber().convert(matcher.group(2));
        return new Listening(InetAddress.getByName(matcher.group(1)), port);
      } catch (UnknownHostException unknown) {
        throw expected(EXPECTED, value);
      }
    }
  }

  static final class PortNumber implements ITypeConverter<OptionalInt> {
    private static final int MOST = 65_535;

    @Override
    public OptionalInt convert(String value) {
      if (value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= MOST) {
        return OptionalInt.of(Integer.parseInt(value));
      }
      throw expected("a port from 0 to " + MOST, value);
    }
  }

  static final class MachineRule implements ITypeConverter<MachineChoice.Rule> {
    private static final Pattern FORM = Pattern.compile("mac=([^,]+),(.+)");
    private static final String EXPECTED =
        "a hardware address and the name of an image, as in mac=52:54:00:12:34:56,debian";

    @Override
    public MachineChoice.Rule convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (!matcher.matches()) {
        throw expected(EXPECTED, value);
      }
      HardwareAddress machine =
          HardwareAddress.parse(matcher.group(1)).orElseThrow(() -> expected(EXPECTED, value));
      return new MachineChoice.Rule(machine, matcher.group(2));
    }
  }

  static final class Expression implements ITypeConverter<Optional<Pattern>> {
    @Override
    public Optional<Pattern> convert(String value) {
      try {
        return Optional.of(Pattern.compile(value, Pattern.MULTILINE));
      } catch (PatternSyntaxException wrong) {
        throw new TypeConversionException(
            "'%s' is no regular expression: %s".formatted(value, wrong.getDescription()));
      }
    }
  }

  static final class Time implements ITypeConverter<Optional<Duration>> {
    @Override
    public Optional<Duration> convert(String value) {
      try {
        return Optional.of(Durations.parse(value));
      } catch (IllegalArgumentException notADuration) {
        throw expected("a duration, as in 90s, 5m or 1h", value);
      }
    }
  }

  static final class Memory implements ITypeConverter<Long> {
    private static final long LEAST_MEBIBYTES = 128;
    private static final long MOST_MEBIBYTES = 16L << 20;

    @Override
    public Long convert(String value) {
      String expected = "a size from 128M to 16T, as in 4G";
      long mebibytes = bytes(value, expected) >> 20;
      if (mebibytes < LEAST_MEBIBYTES || mebibytes > MOST_MEBIBYTES) {
        throw expected(expected, value);
      }
      return mebibytes;
    }
  }

  static final class Kernel implements ITypeConverter<KernelChoice> {
    @Override
    public KernelChoice convert(String value) {
      if (value.isBlank()) {
        throw expected("a version, as uname -r prints it", value);
      }
      return new KernelChoice.Version(value);
    }
  }

  static final class KernelArguments implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (value.isBlank() || value.codePoints().anyMatch(Character::isISOControl)) {
        throw expected("kernel arguments in one line", value);
      }
      return value.strip();
    }
  }

  private static long bytes(String value, String expected) {
    try {
      return ByteSize.parse(value);
    } catch (IllegalArgumentException notASize) {
      throw expected(expected, value);
    }
  }

  private static TypeConversionException expected(String expected, String found) {
    return new TypeConversionException("expected %s, found '%s'".formatted(expected, found));
  }
}
