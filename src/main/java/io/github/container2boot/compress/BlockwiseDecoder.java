package io.github.container2boot.compress;

import java.io.IOException;

/// A decoder of a format that comes in blocks.
abstract class BlockwiseDecoder implements Decoder {
  final CompressedInput input;
  final BlockBuffer block = new BlockBuffer();

  BlockwiseDecoder(CompressedInput input) {
    this.input = input;
  }

  @Override
  public final int read(byte[] target, int offset, int count) throws IOException {
    while (block.isEmpty()) {
      if (!nextBlock()) {
        return -1;
      }
    }
    return block.read(target, offset, count);
  }

  /// Fills `block`, perhaps with nothing; false at the end of the input.
  abstract boolean nextBlock() throws IOException;
}
