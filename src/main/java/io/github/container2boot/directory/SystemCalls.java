package io.github.container2boot.directory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.github.container2boot.bytes.ByteString;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The calls that read a directory on Linux, as its C library has them.
///
/// Names are bytes, and files are found from an open directory by one name each, so that nothing
/// that happens elsewhere in the tree leads out of it. Every call names its own errors.
///
/// An instance is for one thread at a time: it owns the memory that the calls fill.
final class SystemCalls {
  private static final int CURRENT_DIRECTORY = -100;
  private static final int STATUS_OF_LINK = 0x100;
  private static final int NO_AUTOMOUNT = 0x800;
  private static final int STATUS_OF_DESCRIPTOR = 0x1000;
  private static final int BASIC_STATUS = 0x7ff;

  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private static final int LONGEST_PATH_BYTES = 4096;
  private static final int LONGEST_ATTRIBUTE_BYTES = 1 << 16;

  /// Offsets in `struct linux_dirent64`.
  private static final int ENTRY_SIZE_OFFSET = 16;

  private static final int ENTRY_NAME_OFFSET = 19;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERROR_NUMBER = STATE.varHandle(PathElement.groupElement("errno"));

  private static final ByteString DOT = ByteString.utf8(".");
  private static final ByteString DOT_DOT = ByteString.utf8("..");

  private final MemorySegment state;
  private final MemorySegment name;
  private final MemorySegment attribute;
  private final MemorySegment value;
  private final MemorySegment status;

  SystemCalls() {
    Arena arena = Arena.ofAuto();
    state = arena.allocate(STATE);
    name = arena.allocate(LONGEST_PATH_BYTES + 1L);
    attribute = arena.allocate(256);
    value = arena.allocate(LONGEST_ATTRIBUTE_BYTES);
    status = arena.allocate(FileStatus.SIZE, Long.BYTES);
  }

  /// The functions, looked up and linked when the first of them is called.
  private static final class Functions {
    private static final MethodHandle OPEN =
        function("openat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE =
        function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle STATUS =
        function(
            "statx",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle READ =
        function(
            "pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SEEK =
        function("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle READ_LINK =
        function(
            "readlinkat", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    private static final MethodHandle LIST_ATTRIBUTES =
        function("llistxattr", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG));
    private static final MethodHandle GET_ATTRIBUTE =
        function(
            "lgetxattr", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
    private static final MethodHandle SYSTEM_CALL =
        function(
            "syscall", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG));

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(name),
          descriptor,
          Linker.Option.captureCallState("errno"));
    }
  }

  /// What the kernel numbers differently from one architecture to another.
  private static final class Machine {
    private static final String NAME = System.getProperty("os.arch", "");
    private static final boolean ARM_OR_POWER = NAME.matches("aarch64|arm|ppc64|ppc64le");

    /// The number of getdents64(2), which old C libraries have no function for.
    static long readEntries() {
      return switch (NAME) {
        case "amd64", "x86_64" -> 217;
        case "ppc64", "ppc64le" -> 202;
        case "s390x" -> 220;
        default -> 61;
      };
    }
  }

  /// How files are opened. A fifo or a device that somebody put where a file was must not block.
  private static final class Flags {
    private static final int NO_TERMINAL = 0x100;
    private static final int NEVER_BLOCK = 0x800;
    private static final int CLOSE_ON_EXECUTE = 0x80000;
    private static final int DIRECTORY = Machine.ARM_OR_POWER ? 0x4000 : 0x10000;
    private static final int NO_LINK = Machine.ARM_OR_POWER ? 0x8000 : 0x20000;
    private static final int ROOT = DIRECTORY | CLOSE_ON_EXECUTE | NEVER_BLOCK;
    private static final int BELOW = ROOT | NO_LINK;
    private static final int FILE = NO_LINK | NO_TERMINAL | CLOSE_ON_EXECUTE | NEVER_BLOCK;
  }

  /// Why these calls cannot be made here, or the empty string where they can.
  static String obstacle() {
    String system = System.getProperty("os.name", "");
    if (!system.toLowerCase(Locale.ROOT).equals("linux")) {
      return "this is " + system;
    }
    try {
      return Functions.OPEN.type().parameterCount() > 0 ? "" : "openat is missing";
    } catch (LinkageError | RuntimeException missing) {
      return "this Java cannot call the C library";
    }
  }

  /// Opens the directory at `path`; here alone symbolic links are followed.
  int openRoot(ByteString path) throws CallFailed {
    return open(CURRENT_DIRECTORY, path, Flags.ROOT);
  }

  int openDirectory(int parent, ByteString entry) throws CallFailed {
    return open(parent, entry, Flags.BELOW);
  }

  int openFile(int parent, ByteString entry) throws CallFailed {
    return open(parent, entry, Flags.FILE);
  }

  private int open(int parent, ByteString path, int flags) throws CallFailed {
    putString(name, path);
    try {
      int opened;
      do {
        opened = (int) Functions.OPEN.invokeExact(state, parent, name, flags);
      } while (opened < 0 && wasInterrupted());
      return (int) checked(opened);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  void close(int file) {
    try {
      int _ = (int) Functions.CLOSE.invokeExact(state, file);
    } catch (Throwable thrown) {
      throw new IllegalStateException(thrown);
    }
  }

  /// The status of an entry of the directory `parent`; of a symbolic link, its own.
  FileStatus status(int parent, ByteString entry) throws CallFailed {
    return status(parent, entry, STATUS_OF_LINK | NO_AUTOMOUNT);
  }

  /// The status of an open file.
  FileStatus status(int file) throws CallFailed {
    return status(file, ByteString.empty(), STATUS_OF_DESCRIPTOR);
  }

  private FileStatus status(int parent, ByteString path, int flags) throws CallFailed {
    putString(name, path);
    try {
      checked((int) Functions.STATUS.invokeExact(state, parent, name, flags, BASIC_STATUS, status));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
    return FileStatus.readFrom(status);
  }

  /// Reads up to as many bytes as `target` has left, from `offsetBytes` of the file.
  ///
  /// @param target direct
  /// @return how many; 0 at the end of the file
  int read(int file, long offsetBytes, ByteBuffer target) throws CallFailed {
    MemorySegment room = MemorySegment.ofBuffer(target);
    try {
      long count;
      do {
        count = (long) Functions.READ.invokeExact(state, file, room, room.byteSize(), offsetBytes);
      } while (count < 0 && wasInterrupted());
      return (int) checked(count);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /// Where, from `offsetBytes` on, the file has data again; its end is given as `sizeBytes`.
  long nextData(int file, long offsetBytes, long sizeBytes) throws CallFailed {
    return seek(file, offsetBytes, SEEK_DATA, sizeBytes);
  }

  /// Where, from `offsetBytes` on, the file has a hole; there is one at its end.
  long nextHole(int file, long offsetBytes, long sizeBytes) throws CallFailed {
    return seek(file, offsetBytes, SEEK_HOLE, sizeBytes);
  }

  private long seek(int file, long offsetBytes, int whence, long sizeBytes) throws CallFailed {
    try {
      return Math.min(
          sizeBytes, checked((long) Functions.SEEK.invokeExact(state, file, offsetBytes, whence)));
    } catch (Throwable thrown) {
      CallFailed failed = unchecked(thrown);
      if (failed.number() == CallFailed.NO_SUCH_OFFSET) {
        return sizeBytes;
      }
      throw failed;
    }
  }

  /// Where a symbolic link leads.
  ByteString readLink(int parent, ByteString entry) throws CallFailed {
    putString(name, entry);
    try {
      long count =
          checked(
              (long) Functions.READ_LINK.invokeExact(state, parent, name, value, value.byteSize()));
      return bytes(value, (int) count);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /// The names of the extended attributes of what is at `path`, itself if it is a symbolic link.
  List<ByteString> listAttributes(ByteString path) throws CallFailed {
    putString(name, path);
    try {
      long count =
          checked(
              (long) Functions.LIST_ATTRIBUTES.invokeExact(state, name, value, value.byteSize()));
      return count == 0 ? List.of() : strings(bytes(value, (int) count));
    } catch (Throwable thrown) {
      CallFailed failed = unchecked(thrown);
      if (failed.number() == CallFailed.NOT_SUPPORTED) {
        return List.of();
      }
      throw failed;
    }
  }

  /// The value of the extended attribute `key`; empty where the file system lists what it does not
  /// give out.
  Optional<ByteString> attribute(ByteString path, ByteString key) throws CallFailed {
    putString(name, path);
    putString(attribute, key);
    try {
      long count =
          checked(
              (long)
                  Functions.GET_ATTRIBUTE.invokeExact(
                      state, name, attribute, value, value.byteSize()));
      return Optional.of(bytes(value, (int) count));
    } catch (Throwable thrown) {
      CallFailed failed = unchecked(thrown);
      if (failed.number() == CallFailed.NOT_SUPPORTED) {
        return Optional.empty();
      }
      throw failed;
    }
  }

  /// The names in an open directory, without `.` and `..`, in no order. Can be asked once.
  List<ByteString> entries(int directory) throws CallFailed {
    List<ByteString> names = new ArrayList<>();
    try {
      long count;
      do {
        count =
            checked(
                (long)
                    Functions.SYSTEM_CALL.invokeExact(
                        state, Machine.readEntries(), (long) directory, value, value.byteSize()));
        addNames(value.asSlice(0, count), names);
      } while (count > 0);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
    return names;
  }

  private static void addNames(MemorySegment entries, List<ByteString> names) {
    for (long entry = 0; entry < entries.byteSize(); ) {
      int size = Short.toUnsignedInt(entries.get(JAVA_SHORT_UNALIGNED, entry + ENTRY_SIZE_OFFSET));
      ByteString found =
          stringAt(entries.asSlice(entry + ENTRY_NAME_OFFSET, size - ENTRY_NAME_OFFSET));
      if (!found.equals(DOT) && !found.equals(DOT_DOT)) {
        names.add(found);
      }
      entry += size;
    }
  }

  private static ByteString stringAt(MemorySegment padded) {
    int end = 0;
    while (padded.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    return bytes(padded, end);
  }

  private static void putString(MemorySegment target, ByteString text) throws CallFailed {
    byte[] bytes = text.toByteArray();
    if (bytes.length >= target.byteSize()) {
      throw new CallFailed(CallFailed.NAME_TOO_LONG);
    }
    MemorySegment.copy(bytes, 0, target, JAVA_BYTE, 0, bytes.length);
    target.set(JAVA_BYTE, bytes.length, (byte) 0);
  }

  private static ByteString bytes(MemorySegment source, int count) {
    return ByteString.of(source.asSlice(0, count).toArray(JAVA_BYTE));
  }

  private static List<ByteString> strings(ByteString joined) {
    List<ByteString> strings = new ArrayList<>();
    int begin = 0;
    for (int end = joined.indexOf((byte) 0, 0); end >= 0; end = joined.indexOf((byte) 0, begin)) {
      strings.add(joined.substring(begin, end));
      begin = end + 1;
    }
    return strings;
  }

  private long checked(long result) throws CallFailed {
    if (result < 0) {
      throw new CallFailed(errorNumber());
    }
    return result;
  }

  private boolean wasInterrupted() {
    return errorNumber() == CallFailed.INTERRUPTED;
  }

  private int errorNumber() {
    return (int) ERROR_NUMBER.get(state, 0L);
  }

  /// Method handles may throw anything; calls of C functions throw nothing of their own.
  private static CallFailed unchecked(Throwable thrown) {
    return switch (thrown) {
      case CallFailed failed -> failed;
      case Error error -> throw error;
      case RuntimeException bug -> throw bug;
      default -> throw new IllegalStateException(thrown);
    };
  }
}
