package io.github.container2boot.install;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.Linker.Option;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.nio.file.Path;

/// The calls of Linux that Java has no way to make: to bring a file system to its medium, to read
/// from there what was just written, and to keep a device to oneself.
///
/// Where they cannot be made, they do nothing, and say so.
final class LinuxCalls {
  private static final int NEVER_BLOCK = 0x800;
  private static final int CLOSE_ON_EXECUTE = 0x80000;
  private static final int READ_WRITE = 2;
  private static final int EXCLUSIVE = 0x80;
  private static final int DONT_NEED = 4;

  /// EBUSY.
  static final int BUSY = 16;

  private static final StructLayout STATE = Option.captureStateLayout();
  private static final VarHandle ERROR_NUMBER = STATE.varHandle(PathElement.groupElement("errno"));

  private LinuxCalls() {}

  /// Linked when first needed, as a short command does not need it.
  private static final class Linked {
    private static final MethodHandle CALL = link();

    /// Numbers and addresses only: every 64-bit Linux passes them in registers of their own, and an
    /// argument too many is not looked at.
    @SuppressWarnings("restricted") // The launcher and the JAR's manifest allow native access.
    private static MethodHandle link() {
      return Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Option.captureCallState("errno"));
    }
  }

  /// Brings all of the file system that `path` lies on to its medium.
  ///
  /// @return whether that could be asked for
  static boolean synchronise(Path path) {
    return onFile(path, 0, "syncfs", 0, 0, 0);
  }

  /// Has the kernel forget what it holds of a file that is on its medium already, so that it is
  /// read from there.
  ///
  /// @return whether that could be asked for
  static boolean forget(Path path) {
    return onFile(path, 0, "posix_fadvise", 0, 0, DONT_NEED);
  }

  private static boolean onFile(
      Path path, int flags, String function, long second, long third, long fourth) {
    try {
      long file = open(path, flags);
      if (file < 0) {
        return false;
      }
      long result = call(function, file, second, third, fourth);
      call("close", file, 0, 0, 0);
      return result == 0;
    } catch (Throwable notLinux) {
      return false;
    }
  }

  private static long open(Path path, int flags) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
      MemorySegment name = arena.allocateFrom(path.toString(), charset);
      return call("open", name.address(), flags | CLOSE_ON_EXECUTE | NEVER_BLOCK, 0, 0);
    }
  }

  /// @return what the function returned, or the negative error number
  private static long call(String function, long first, long second, long third, long fourth)
      throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment address = Linker.nativeLinker().defaultLookup().findOrThrow(function);
      long result =
          (int) (long) Linked.CALL.invokeExact(address, state, first, second, third, fourth);
      return result == -1 ? -(int) ERROR_NUMBER.get(state, 0L) : result;
    }
  }

  /// A device that nobody else can mount or claim as long as this is open (open(2), `O_EXCL`).
  static final class Claim implements AutoCloseable {
    private final long file;

    private Claim(long file) {
      this.file = file;
    }

    /// @return the claim, or one that holds nothing where there are no such calls
    /// @throws ClaimFailed if the kernel refuses it
    static Claim of(Path device) throws IOException {
      long file;
      try {
        file = open(device, READ_WRITE | EXCLUSIVE);
      } catch (Throwable notLinux) {
        return none();
      }
      if (file < 0) {
        throw new ClaimFailed(device, (int) -file);
      }
      return new Claim(file);
    }

    /// Holds nothing.
    static Claim none() {
      return new Claim(-1);
    }

    @Override
    public void close() {
      if (file >= 0) {
        try {
          call("close", file, 0, 0, 0);
        } catch (Throwable impossible) {
          throw new IllegalStateException(impossible);
        }
      }
    }
  }

  /// The kernel does not give a device to this process alone.
  static final class ClaimFailed extends IOException {
    private final int errorNumber;

    private ClaimFailed(Path device, int errorNumber) {
      super("%s: error %d".formatted(device, errorNumber));
      this.errorNumber = errorNumber;
    }

    boolean isBusy() {
      return errorNumber == BUSY;
    }
  }
}
