package io.github.container2boot.oci.podman;

import io.github.container2boot.bytes.ByteString;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.Set;

/// The few system calls that reach a file by bytes, whatever the locale, and follow no symbolic
/// link on the way. Java's own files can do neither.
final class Posix {
  static final int NOT_PERMITTED = 1;
  static final int ACCESS_DENIED = 13;

  private static final int HERE = -100;
  private static final int NON_BLOCKING = 0x800;
  private static final int CLOSE_ON_EXEC = 0x8_0000;
  private static final int PATH_ONLY = 0x20_0000;

  /// Linux numbers these two in its own way for ARM and POWER.
  private static final boolean OTHER_NUMBERS =
      Set.of("aarch64", "arm", "ppc64le", "ppc64").contains(System.getProperty("os.arch"));

  private static final int DIRECTORY = OTHER_NUMBERS ? 0x4000 : 0x1_0000;
  private static final int NO_FOLLOW = OTHER_NUMBERS ? 0x8000 : 0x2_0000;

  private static final int SEEK_END = 2;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final AddressLayout POINTER = ValueLayout.ADDRESS;

  private static final MethodHandle OPEN_AT =
      function(
          "openat",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, POINTER, ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(3));
  private static final MethodHandle SEEK =
      function(
          "lseek",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT));
  private static final MethodHandle READ_AT =
      function(
          "pread",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              POINTER,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private Posix() {}

  @SuppressWarnings("restricted") // The launcher allows native access.
  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker.Option[] all = new Linker.Option[options.length + 1];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, all);
  }

  /// Whether this system has them as they are numbered here.
  static boolean isAvailable() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux");
  }

  /// A directory to begin at; a descriptor, or an error number below zero.
  static int openDirectory(ByteString path) {
    return open(HERE, path, PATH_ONLY | DIRECTORY);
  }

  /// A directory in another one, likewise; no symbolic link.
  static int openDirectory(int directory, ByteString name) {
    return open(directory, name, PATH_ONLY | DIRECTORY | NO_FOLLOW);
  }

  /// A file in a directory, likewise; a fifo does not block.
  static int openFile(int directory, ByteString name) {
    return open(directory, name, NO_FOLLOW | NON_BLOCKING);
  }

  private static int open(int directory, ByteString name, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment text = arena.allocate(name.size() + 1L);
      MemorySegment.copy(name.toByteArray(), 0, text, ValueLayout.JAVA_BYTE, 0, name.size());
      int result = (int) OPEN_AT.invokeExact(state, directory, text, flags | CLOSE_ON_EXEC);
      return result < 0 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (Throwable problem) {
      throw impossible(problem);
    }
  }

  /// How large an open file is; below zero if it has no size.
  static long sizeBytes(int file) {
    try (Arena arena = Arena.ofConfined()) {
      return (long) SEEK.invokeExact(arena.allocate(STATE), file, 0L, SEEK_END);
    } catch (Throwable problem) {
      throw impossible(problem);
    }
  }

  /// Reads into `target`: how many bytes, none at the end, below zero if it failed.
  static long read(int file, MemorySegment target, long countBytes, long offsetBytes) {
    try (Arena arena = Arena.ofConfined()) {
      return (long)
          READ_AT.invokeExact(arena.allocate(STATE), file, target, countBytes, offsetBytes);
    } catch (Throwable problem) {
      throw impossible(problem);
    }
  }

  static void close(int file) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) CLOSE.invokeExact(arena.allocate(STATE), file);
    } catch (Throwable problem) {
      throw impossible(problem);
    }
  }

  private static RuntimeException impossible(Throwable problem) {
    if (problem instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a system call cannot throw", problem);
  }
}
