package io.github.container2boot.compress;

import java.nio.ByteBuffer;

/// A compressor that works on one kind of memory.
abstract class StagedCompressor implements BlockCompressor {
  private final Staging staging;

  StagedCompressor(Staging staging) {
    this.staging = staging;
  }

  @Override
  public final int compress(ByteBuffer source, ByteBuffer target) {
    ByteBuffer room = staging.to(target);
    int count = compressStaged(staging.from(source), room);
    if (count != DOES_NOT_FIT) {
      staging.deliver(source, room, count, target);
    }
    return count;
  }

  /// Compresses what lies between 0 and the limit of `source` to the start of `target`.
  abstract int compressStaged(ByteBuffer source, ByteBuffer target);
}
