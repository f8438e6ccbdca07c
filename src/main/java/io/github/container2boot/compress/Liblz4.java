package io.github.container2boot.compress;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The functions of liblz4 that compress one block, fast or high, with memory of the caller's.
///
/// @param stateSizeBytes what `fast` wants as its first argument
/// @param highStateSizeBytes what `high` wants as its first argument
record Liblz4(MethodHandle fast, MethodHandle high, int stateSizeBytes, int highStateSizeBytes) {
  private static final FunctionDescriptor COMPRESS =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final int NO_ACCELERATION = 1;

  static final Optional<Liblz4> LIBRARY = NativeLibrary.load("lz4").map(Liblz4::bind);

  private static Liblz4 bind(NativeLibrary library) {
    return new Liblz4(
        library.function("LZ4_compress_fast_extState", COMPRESS),
        library.function("LZ4_compress_HC_extStateHC", COMPRESS),
        sizeOf(library, "LZ4_sizeofState"),
        sizeOf(library, "LZ4_sizeofStateHC"));
  }

  private static int sizeOf(NativeLibrary library, String name) {
    try {
      return (int) library.function(name, FunctionDescriptor.of(JAVA_INT)).invokeExact();
    } catch (Throwable thrown) {
      throw NativeCalls.unchecked(thrown);
    }
  }

  /// How many bytes were put into `target`, or 0 if they do not fit.
  int compressFast(MemorySegment state, MemorySegment source, MemorySegment target) {
    return compress(fast, state, source, target, NO_ACCELERATION);
  }

  /// How many bytes were put into `target`, or 0 if they do not fit.
  int compressHigh(MemorySegment state, MemorySegment source, MemorySegment target, int level) {
    return compress(high, state, source, target, level);
  }

  private static int compress(
      MethodHandle function,
      MemorySegment state,
      MemorySegment source,
      MemorySegment target,
      int parameter) {
    try {
      return (int)
          function.invokeExact(
              state, source, target, (int) source.byteSize(), (int) target.byteSize(), parameter);
    } catch (Throwable thrown) {
      throw NativeCalls.unchecked(thrown);
    }
  }
}
