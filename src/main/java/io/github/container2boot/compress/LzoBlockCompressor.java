package io.github.container2boot.compress;

import io.airlift.compress.v3.lzo.LzoCompressor;
import java.nio.ByteBuffer;

final class LzoBlockCompressor extends StagedCompressor {
  private final LzoCompressor compressor = new LzoCompressor();
  private byte[] room = new byte[0];

  LzoBlockCompressor() {
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
