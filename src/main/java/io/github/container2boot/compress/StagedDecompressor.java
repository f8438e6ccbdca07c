package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;
import java.nio.ByteBuffer;

/// A decompressor that works on one kind of memory.
abstract class StagedDecompressor implements BlockDecompressor {
  private final Staging staging;

  StagedDecompressor(Staging staging) {
    this.staging = staging;
  }

  @Override
  public final int decompress(ByteBuffer source, ByteBuffer target) throws FormatException {
    ByteBuffer room = staging.to(target);
    int count = decompressStaged(staging.from(source), room);
    staging.deliver(source, room, count, target);
    return count;
  }

  /// Decompresses what lies between 0 and the limit of `source` to the start of `target`.
  abstract int decompressStaged(ByteBuffer source, ByteBuffer target) throws FormatException;

  static FormatException tooLarge(String format, ByteBuffer target) {
    return FormatException.malformed(
        "%s block is too large: expected at most %d bytes of content"
            .formatted(format, target.limit()));
  }
}
