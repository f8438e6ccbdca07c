package io.github.container2boot.compress;

import io.airlift.compress.v3.lz4.Lz4JavaCompressor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// LZ4 blocks: by liblz4 where it can be had; elsewhere in Java, which knows the fast mode only and
/// uses it for every level.
final class Lz4BlockCompressor {
  private static final int FAST_LEVEL = 1;

  private Lz4BlockCompressor() {}

  static BlockCompressor open(int level) {
    return Liblz4.LIBRARY
        .<BlockCompressor>map(library -> new Native(library, level))
        .orElseGet(() -> new Java());
  }

  private static final class Native extends StagedCompressor {
    private static final long STATE_ALIGNMENT_BYTES = 16;

    private final Arena arena = Arena.ofShared();
    private final Liblz4 library;
    private final int level;
    private final MemorySegment state;

    Native(Liblz4 library, int level) {
      super(Staging.direct());
      this.library = library;
      this.level = level;
      this.state =
          arena.allocate(
              level == FAST_LEVEL ? library.stateSizeBytes() : library.highStateSizeBytes(),
              STATE_ALIGNMENT_BYTES);
    }

    @Override
    int compressStaged(ByteBuffer source, ByteBuffer target) {
      MemorySegment from = MemorySegment.ofBuffer(source);
      MemorySegment to = MemorySegment.ofBuffer(target);
      int count =
          level == FAST_LEVEL
              ? library.compressFast(state, from, to)
              : library.compressHigh(state, from, to, level);
      return count == 0 ? DOES_NOT_FIT : count;
    }

    @Override
    public void close() {
      if (arena.scope().isAlive()) {
        arena.close();
      }
    }
  }

  static final class Java extends StagedCompressor {
    private final Lz4JavaCompressor compressor = new Lz4JavaCompressor();
    private byte[] room = new byte[0];

    Java() {
      super(Staging.heap());
    }

    /// The library refuses a target that is smaller than the worst case.
    @Override
    int compressStaged(ByteBuffer source, ByteBuffer target) {
      int most = compressor.maxCompressedLength(source.limit());
      if (room.length < most) {
        room = new byte[most];
      }
      int count =
          compressor.compress(
              source.array(), source.arrayOffset(), source.limit(), room, 0, room.length);
      if (count > target.limit()) {
        return DOES_NOT_FIT;
      }
      target.put(0, room, 0, count);
      return count;
    }

    @Override
    public void close() {}
  }
}
