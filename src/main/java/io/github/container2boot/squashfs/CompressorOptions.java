package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.compress.CompressionSettings;
import java.util.Optional;

/// What follows the superblock where a compressor was not used with its defaults: a metadata block,
/// never compressed, with the compressor's own structure.
///
/// | compressor | structure                                            | written                      |
/// |------------|------------------------------------------------------|------------------------------|
/// | gzip       | u32 level, u16 window log2, u16 strategies           | unless level 9               |
/// | lzo        | u32 algorithm (0: LZO1X-1), u32 level                | always: not mksquashfs's 999 |
/// | xz         | u32 dictionary size, u32 filters                     | never: see below             |
/// | lz4        | u32 version (1), u32 flags (1: high compression)     | always: Linux insists        |
/// | zstd       | u32 level                                            | unless level 15              |
///
/// Linux reads those of xz and lz4 only, mksquashfs all of them when it appends. Our xz
/// dictionaries are as large as the block and without filters, which is what no structure means.
/// gzip levels above 9 are libdeflate's; mksquashfs knows none and would refuse to append, so they
/// are written as 9 and nothing.
record CompressorOptions(CompressionSettings settings) {
  static final int LARGEST_SIZE = 2 + 8;

  private static final int GZIP_DEFAULT_LEVEL = 9;
  private static final int GZIP_WINDOW_LOG2 = 15;
  private static final int ZSTD_DEFAULT_LEVEL = 15;
  private static final int LZ4_VERSION = 1;
  private static final int LZ4_FIRST_HIGH_LEVEL = 3;
  private static final int LZO1X_1 = 0;

  /// The metadata block with its header; nothing where the defaults were used.
  Optional<byte[]> toBlock() {
    ByteWriter options = ByteWriter.littleEndian(8);
    switch (settings.compression()) {
      case GZIP -> {
        if (settings.level() < GZIP_DEFAULT_LEVEL) {
          options.u32(settings.level()).u16(GZIP_WINDOW_LOG2).u16(0);
        }
      }
      case ZSTD -> {
        if (settings.level() != ZSTD_DEFAULT_LEVEL) {
          options.u32(settings.level());
        }
      }
      case LZ4 -> options.u32(LZ4_VERSION).u32(settings.level() < LZ4_FIRST_HIGH_LEVEL ? 0 : 1);
      case LZO -> options.u32(LZO1X_1).u32(0);
      case XZ -> {}
    }
    return options.size() == 0 ? Optional.empty() : Optional.of(block(options));
  }

  private static byte[] block(ByteWriter options) {
    ByteWriter block = ByteWriter.littleEndian(LARGEST_SIZE);
    new MetadataBlockHeader(options.size(), false).writeTo(block);
    return block.bytes(options.toByteArray()).toByteArray();
  }
}
