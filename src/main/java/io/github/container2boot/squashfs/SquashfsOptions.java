package io.github.container2boot.squashfs;

import io.github.container2boot.compress.CompressionSettings;
import java.time.Instant;

/// How an image is made.
///
/// @param compression compressor and level, for data and metadata
/// @param blockSizeBytes a power of two from 4 KiB to 1 MiB
/// @param modified when the image says it was made; whole seconds from 1970 to 2106, others become
///   the nearest of these
/// @param threads how many threads compress, 1 or more; the bytes do not depend on it
public record SquashfsOptions(
    CompressionSettings compression, int blockSizeBytes, Instant modified, int threads) {
  public static final int DEFAULT_BLOCK_BYTES = 128 << 10;

  /// @throws IllegalArgumentException if the block size or the number of threads cannot be
  public SquashfsOptions {
    Superblock.requireBlockSize(blockSizeBytes);
    if (threads < 1) {
      throw new IllegalArgumentException("%d threads: expected 1 or more".formatted(threads));
    }
  }
}
