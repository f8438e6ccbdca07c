package io.github.container2boot.compress;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The functions of libdeflate that make zlib streams.
record Libdeflate(MethodHandle allocate, MethodHandle compress, MethodHandle free) {
  static final Optional<Libdeflate> LIBRARY = NativeLibrary.load("deflate").map(Libdeflate::bind);

  private static Libdeflate bind(NativeLibrary library) {
    return new Libdeflate(
        library.function("libdeflate_alloc_compressor", FunctionDescriptor.of(ADDRESS, JAVA_INT)),
        library.function(
            "libdeflate_zlib_compress",
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG)),
        library.function("libdeflate_free_compressor", FunctionDescriptor.ofVoid(ADDRESS)));
  }

  MemorySegment allocateCompressor(int level) {
    try {
      MemorySegment compressor = (MemorySegment) allocate.invokeExact(level);
      if (compressor.address() == 0) {
        throw new OutOfMemoryError("no memory for a libdeflate compressor");
      }
      return compressor;
    } catch (Throwable thrown) {
      throw NativeCalls.unchecked(thrown);
    }
  }

  /// How many bytes were put into `target`, or 0 if they do not fit.
  long compress(MemorySegment compressor, MemorySegment source, MemorySegment target) {
    try {
      return (long)
          compress.invokeExact(compressor, source, source.byteSize(), target, target.byteSize());
    } catch (Throwable thrown) {
      throw NativeCalls.unchecked(thrown);
    }
  }

  void freeCompressor(MemorySegment compressor) {
    try {
      free.invokeExact(compressor);
    } catch (Throwable thrown) {
      throw NativeCalls.unchecked(thrown);
    }
  }
}
