package io.github.container2boot.compress;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/// zlib streams: by libdeflate where it can be had, which is three times as fast as the JDK's zlib
/// and compresses better; by the JDK elsewhere, with its best level for those above.
final class GzipBlockCompressor {
  private GzipBlockCompressor() {}

  static BlockCompressor open(int level) {
    return Libdeflate.LIBRARY
        .<BlockCompressor>map(library -> new Native(library, level))
        .orElseGet(() -> new Jdk(level));
  }

  private static final class Native extends StagedCompressor {
    private final Libdeflate library;
    private final MemorySegment compressor;
    private boolean closed;

    Native(Libdeflate library, int level) {
      super(Staging.direct());
      this.library = library;
      this.compressor = library.allocateCompressor(level);
    }

    @Override
    int compressStaged(ByteBuffer source, ByteBuffer target) {
      if (closed) {
        throw new IllegalStateException("compressor is closed");
      }
      long count =
          library.compress(
              compressor, MemorySegment.ofBuffer(source), MemorySegment.ofBuffer(target));
      return count == 0 ? DOES_NOT_FIT : (int) count;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        library.freeCompressor(compressor);
      }
    }
  }

  static final class Jdk extends StagedCompressor {
    private final Deflater deflater;

    Jdk(int level) {
      super(Staging.direct());
      this.deflater = new Deflater(Math.min(level, Deflater.BEST_COMPRESSION));
    }

    @Override
    int compressStaged(ByteBuffer source, ByteBuffer target) {
      deflater.reset();
      deflater.setInput(source);
      deflater.finish();
      int count = deflater.deflate(target);
      return deflater.finished() ? count : DOES_NOT_FIT;
    }

    @Override
    public void close() {
      deflater.end();
    }
  }
}
