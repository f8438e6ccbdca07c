package io.github.container2boot.squashfs;

/// The 32-bit word that says how a data or fragment block is stored: the low 24 bits how many bytes
/// there are, bit 24 that they are *not* compressed, and 0 that the block is all zeros and not
/// stored at all.
final class BlockSize {
  static final int SPARSE = 0;

  private static final int UNCOMPRESSED = 1 << 24;

  private BlockSize() {}

  static int compressed(int storedBytes) {
    return storedBytes;
  }

  static int uncompressed(int storedBytes) {
    return storedBytes | UNCOMPRESSED;
  }

  static int storedBytes(int word) {
    return word & ~UNCOMPRESSED;
  }

  static boolean isCompressed(int word) {
    return (word & UNCOMPRESSED) == 0;
  }

  /// Whether a block of at most `blockSizeBytes` can be stored so.
  static boolean isValid(int word, int blockSizeBytes) {
    return storedBytes(word) >= 0 && storedBytes(word) <= blockSizeBytes;
  }
}
