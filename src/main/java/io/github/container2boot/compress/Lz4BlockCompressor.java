package io.github.container2boot.compress;

import io.airlift.compress.v3.lz4.Lz4JavaCompressor;
import java.nio.ByteBuffer;

final class Lz4BlockCompressor extends StagedCompressor {
  private final Lz4JavaCompressor compressor = new Lz4JavaCompressor();
  private byte[] room = new byte[0];

  Lz4BlockCompressor() {
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
