package io.github.container2boot.directory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
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
import java.lang.ref.Reference;
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

  /// The functions of the C library.
  private enum Function {
    OPEN("openat"),
    CLOSE("close"),
    STATUS("statx"),
    READ("pread"),
    SEEK("lseek"),
    READ_LINK("readlinkat"),
    LIST_ATTRIBUTES("llistxattr"),
    GET_ATTRIBUTE("lgetxattr"),
    SYSTEM_CALL("syscall");

    private final long address;

    Function(String name) {
      address = Linker.nativeLinker().defaultLookup().findOrThrow(name).address();
    }
  }

  /// One way to call all of them, since to link one takes Java ten milliseconds: they take numbers
  /// and addresses only, which every 64-bit Linux passes in registers of their own; an argument too
  /// many is not looked at.
  private static final class Shape {
    private static final MethodHandle CALL = link();

    @SuppressWarnings("restricted")
    private static MethodHandle link() {
      return Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
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
    private static final int PATH_ONLY = 0x200000;
    private static final int PASSED_ROOT = DIRECTORY | CLOSE_ON_EXECUTE | PATH_ONLY;
    private static final int PASSED_BELOW = PASSED_ROOT | NO_LINK;
    private static final int FILE = NO_LINK | NO_TERMINAL | CLOSE_ON_EXECUTE | NEVER_BLOCK;
  }

  /// Why these calls cannot be made here, or the empty string where they can.
  static String obstacle() {
    String system = System.getProperty("os.name", "");
    if (!system.toLowerCase(Locale.ROOT).equals("linux")) {
      return "this is " + system;
    }
    try {
      boolean linked = Function.SYSTEM_CALL.address != 0 && Shape.CALL != null;
      return linked ? "" : "its C library has no syscall";
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

  /// As [#openRoot], only to go on from there: this user need not be allowed to read it.
  int passRoot(ByteString path) throws CallFailed {
    return open(CURRENT_DIRECTORY, path, Flags.PASSED_ROOT);
  }

  /// As [#openDirectory], only to go on from there.
  int passDirectory(int parent, ByteString entry) throws CallFailed {
    return open(parent, entry, Flags.PASSED_BELOW);
  }

  int openFile(int parent, ByteString entry) throws CallFailed {
    return open(parent, entry, Flags.FILE);
  }

  private int open(int parent, ByteString path, int flags) throws CallFailed {
    putString(name, path);
    return (int) checked(() -> (int) call(Function.OPEN, parent, name.address(), flags, 0, 0));
  }

  void close(int file) {
    call(Function.CLOSE, file, 0, 0, 0, 0);
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
    checked(() ->
        (int) call(Function.STATUS, parent, name.address(), flags, BASIC_STATUS, status.address()));
    return FileStatus.readFrom(status);
  }

  /// Reads up to as many bytes as `target` has left, from `offsetBytes` of the file.
  ///
  /// @param target direct
  /// @return how many; 0 at the end of the file
  int read(int file, long offsetBytes, ByteBuffer target) throws CallFailed {
    MemorySegment room = MemorySegment.ofBuffer(target);
    try {
      return (int)
          checked(() -> call(Function.READ, file, room.address(), room.byteSize(), offsetBytes, 0));
    } finally {
      Reference.reachabilityFence(target);
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
      long found = checked(() -> call(Function.SEEK, file, offsetBytes, whence, 0, 0));
      return Math.min(sizeBytes, found);
    } catch (CallFailed failed) {
      if (failed.number() == CallFailed.NO_SUCH_OFFSET) {
        return sizeBytes;
      }
      throw failed;
    }
  }

  /// Where a symbolic link leads.
  ByteString readLink(int parent, ByteString entry) throws CallFailed {
    putString(name, entry);
    long count =
        checked(() ->
            call(Function.READ_LINK, parent, name.address(), value.address(), value.byteSize(), 0));
    return bytes(value, (int) count);
  }

  /// The names of the extended attributes of what is at `path`, itself if it is a symbolic link.
  List<ByteString> listAttributes(ByteString path) throws CallFailed {
    putString(name, path);
    try {
      long count =
          checked(() ->
              call(
                  Function.LIST_ATTRIBUTES,
                  name.address(),
                  value.address(),
                  value.byteSize(),
                  0,
                  0));
      return count == 0 ? List.of() : strings(bytes(value, (int) count));
    } catch (CallFailed failed) {
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
          checked(() ->
              call(
                  Function.GET_ATTRIBUTE,
                  name.address(),
                  attribute.address(),
                  value.address(),
                  value.byteSize(),
                  0));
      return Optional.of(bytes(value, (int) count));
    } catch (CallFailed failed) {
      if (failed.number() == CallFailed.NOT_SUPPORTED) {
        return Optional.empty();
      }
      throw failed;
    }
  }

  /// The names in an open directory, without `.` and `..`, in no order. Can be asked once.
  List<ByteString> entries(int directory) throws CallFailed {
    List<ByteString> names = new ArrayList<>();
    long count;
    do {
      count =
          checked(() ->
              call(
                  Function.SYSTEM_CALL,
                  Machine.readEntries(),
                  directory,
                  value.address(),
                  value.byteSize(),
                  0));
      addNames(value.asSlice(0, count), names);
    } while (count > 0);
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

  /// A call to be made, and made again when a signal interrupts it.
  @FunctionalInterface
  private interface Call {
    long result();
  }

  private long checked(Call call) throws CallFailed {
    long result;
    do {
      result = call.result();
    } while (result < 0 && errorNumber() == CallFailed.INTERRUPTED);
    if (result < 0) {
      throw new CallFailed(errorNumber());
    }
    return result;
  }

  private int errorNumber() {
    return (int) ERROR_NUMBER.get(state, 0L);
  }

  /// Of a function that returns an `int`, the upper half of the result means nothing.
  private long call(
      Function function, long first, long second, long third, long fourth, long fifth) {
    try {
      return (long)
          Shape.CALL.invokeExact(
              MemorySegment.ofAddress(function.address),
              state,
              first,
              second,
              third,
              fourth,
              fifth);
    } catch (Error | RuntimeException bug) {
      throw bug;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
