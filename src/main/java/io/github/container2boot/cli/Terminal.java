package io.github.container2boot.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The terminal that standard error is connected to.
///
/// Java can tell whether standard *input and output* are terminals, neither of which matters here,
/// and knows nothing of a terminal's size; isatty(3) and ioctl_tty(2) know both.
final class Terminal {
  private static final int STANDARD_ERROR = 2;
  private static final Path OPEN_AS_STANDARD_ERROR = Path.of("/proc/self/fd/2");
  private static final Path NO_OUTPUT = Path.of("/dev/null");
  private static final int USUAL_COLUMNS = 80;
  private static final long TIOCGWINSZ_LINUX = 0x5413;
  private static final long TIOCGWINSZ_BSD = 0x4008_7468;

  private final MethodHandle ioctl;
  private final long request;

  private Terminal(MethodHandle ioctl, long request) {
    this.ioctl = ioctl;
    this.request = request;
  }

  /// The terminal, if there is one on which a cursor can be moved.
  static Optional<Terminal> find(Map<String, String> environment) {
    String type = environment.getOrDefault("TERM", "dumb");
    if (type.isEmpty() || type.equals("dumb") || isOtherThanDevice()) {
      return Optional.empty();
    }
    try {
      return connected();
    } catch (Throwable noForeignFunctions) {
      return Optional.empty();
    }
  }

  /// Whether standard error is a file or a pipe, as Linux shows without a foreign function: to link
  /// one takes longer than all else that is done here.
  private static boolean isOtherThanDevice() {
    try {
      Path open = Files.readSymbolicLink(OPEN_AS_STANDARD_ERROR);
      return !open.startsWith("/dev") || open.equals(NO_OUTPUT);
    } catch (IOException | RuntimeException notShown) {
      return false;
    }
  }

  @SuppressWarnings("restricted") // The launcher and the JAR's manifest allow native access.
  private static Optional<Terminal> connected() throws Throwable {
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    MethodHandle isatty =
        linker.downcallHandle(
            library.findOrThrow("isatty"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    if ((int) isatty.invokeExact(STANDARD_ERROR) != 1) {
      return Optional.empty();
    }
    MethodHandle ioctl =
        linker.downcallHandle(
            library.findOrThrow("ioctl"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    return Optional.of(new Terminal(ioctl, windowSizeRequest()));
  }

  private static long windowSizeRequest() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return system.startsWith("linux") ? TIOCGWINSZ_LINUX : TIOCGWINSZ_BSD;
  }

  /// How wide it is now.
  ///
  /// | offset | struct winsize |
  /// |---|---|
  /// | 0 | u16 ws_row |
  /// | 2 | u16 ws_col |
  /// | 4 | u16 ws_xpixel, u16 ws_ypixel |
  int columns() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(8, 2);
      int failed = (int) ioctl.invokeExact(STANDARD_ERROR, request, size);
      int columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, 2));
      return failed != 0 || columns == 0 ? USUAL_COLUMNS : columns;
    } catch (Throwable unknown) {
      return USUAL_COLUMNS;
    }
  }
}
