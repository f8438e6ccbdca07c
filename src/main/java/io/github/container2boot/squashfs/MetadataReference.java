package io.github.container2boot.squashfs;

/// Where something lies in a table of metadata blocks: the 64-bit "inode reference" of the format,
/// which the xattr table uses too.
///
/// @param blockBytes offset of the metadata block as stored, from the start of its table; 48 bits
/// @param offsetBytes offset within the block's uncompressed 8 KiB; 16 bits
public record MetadataReference(long blockBytes, int offsetBytes) {
  private static final long LARGEST_BLOCK = (1L << 47) - 1;

  public MetadataReference {
    if (blockBytes < 0 || blockBytes > LARGEST_BLOCK || (offsetBytes & ~0xffff) != 0) {
      throw new IllegalArgumentException(
          "metadata reference %d:%d".formatted(blockBytes, offsetBytes));
    }
  }

  static MetadataReference unpack(long packed) {
    return new MetadataReference(packed >>> 16, (int) (packed & 0xffff));
  }

  long packed() {
    return blockBytes << 16 | offsetBytes;
  }
}
