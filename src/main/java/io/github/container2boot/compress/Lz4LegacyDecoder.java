package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;
import java.io.IOException;

/// The legacy frame of LZ4, which `lz4 -l` and every initrd tool make: a magic number, then blocks
/// of 8 MiB of content (the last may be smaller) until the input ends or another frame begins.
///
/// ```text
/// 0  4  magic        0x184C2102
///    4  block size   compressed, little-endian
///       block
///    …
/// ```
///
/// A block size of 0 is padding, as the kernel has it.
final class Lz4LegacyDecoder extends BlockwiseDecoder {
  private static final long MAGIC = 0x184C2102L;
  private static final int BLOCK_CONTENT_BYTES = 8 << 20;
  private static final int LARGEST_BLOCK_BYTES =
      BLOCK_CONTENT_BYTES + BLOCK_CONTENT_BYTES / 255 + 16;

  private byte[] compressed = new byte[0];
  private boolean inFrame;

  Lz4LegacyDecoder(CompressedInput input) {
    super(input);
  }

  @Override
  boolean nextBlock() throws IOException {
    if (!inFrame) {
      requireMagic();
      inFrame = true;
    }
    if (input.atEnd()) {
      return false;
    }
    if (input.isOnlyPaddingNext()) {
      input.requireOnlyPadding();
      return false;
    }
    long offsetBytes = input.offsetBytes();
    long sizeBytes = input.u32();
    if (sizeBytes != MAGIC) {
      decodeBlock(offsetBytes, sizeBytes);
    }
    return true;
  }

  private void requireMagic() throws IOException {
    if (input.u32() != MAGIC) {
      throw FormatException.malformed(0, "expected a legacy frame, found something else");
    }
  }

  private void decodeBlock(long offsetBytes, long sizeBytes) throws IOException {
    if (sizeBytes > LARGEST_BLOCK_BYTES) {
      throw FormatException.malformed(
          offsetBytes,
          "block is too large: expected at most %d bytes, found %d"
              .formatted(LARGEST_BLOCK_BYTES, sizeBytes));
    }
    int size = (int) sizeBytes;
    compressed = input.readFullyGrowing(compressed, size);
    byte[] content = block.room(0, BLOCK_CONTENT_BYTES);
    block.filled(0, Lz4Block.decode(compressed, 0, size, content, 0, 0, BLOCK_CONTENT_BYTES));
  }
}
