package io.github.container2boot.squashfs;

import java.util.Arrays;

/// How a file's full blocks are stored, one [BlockSize] word each, in order.
final class BlockList {
  static final BlockList EMPTY = new BlockList(new int[0]);

  /// Every so many blocks the offset is kept, so that finding a block never sums up the whole list.
  private static final int STRIDE = 256;

  private final int[] words;
  private final long storedBytes;
  private final long[] strideStarts;

  /// Takes `words` over.
  private BlockList(int[] words) {
    this.words = words;
    this.strideStarts = new long[words.length / STRIDE];
    long start = 0;
    for (int index = 0; index < words.length; index++) {
      if (index > 0 && index % STRIDE == 0) {
        strideStarts[index / STRIDE - 1] = start;
      }
      start += BlockSize.storedBytes(words[index]);
    }
    if (words.length > 0 && words.length % STRIDE == 0) {
      strideStarts[words.length / STRIDE - 1] = start;
    }
    this.storedBytes = start;
  }

  /// Takes `words` over: it must not change any more.
  static BlockList of(int[] words) {
    return words.length == 0 ? EMPTY : new BlockList(words);
  }

  int count() {
    return words.length;
  }

  int word(int index) {
    return words[index];
  }

  /// What all blocks take in the image.
  long storedBytes() {
    return storedBytes;
  }

  /// Where block `index` is, from the first one's start.
  long offsetBytes(int index) {
    int stride = index / STRIDE;
    long offset = stride == 0 ? 0 : strideStarts[stride - 1];
    for (int before = stride * STRIDE; before < index; before++) {
      offset += BlockSize.storedBytes(words[before]);
    }
    return offset;
  }

  int sparseCount() {
    int count = 0;
    for (int word : words) {
      if (word == BlockSize.SPARSE) {
        count++;
      }
    }
    return count;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlockList list && Arrays.equals(words, list.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  /// Collects the words of a file whose blocks are still being compressed: sparse until told
  /// otherwise.
  static final class Builder {
    private int[] words = EMPTY.words;

    void set(int index, int word) {
      if (index >= words.length) {
        words = Arrays.copyOf(words, Math.max(index + 1, 2 * words.length));
      }
      words[index] = word;
    }

    /// The list of `count` blocks, none of those that were set behind it.
    BlockList build(int count) {
      return BlockList.of(Arrays.copyOf(words, count));
    }
  }
}
