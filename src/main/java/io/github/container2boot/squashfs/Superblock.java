package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.Compression;
import java.util.EnumSet;
import java.util.Set;

/// The first bytes of an image, `struct squashfs_super_block` of the kernel's squashfs_fs.h.
///
/// | offset | size | field                                                          |
/// |-------:|-----:|----------------------------------------------------------------|
/// |      0 |    4 | magic, "hsqs"                                                  |
/// |      4 |    4 | number of inodes                                               |
/// |      8 |    4 | time the image was made, seconds since 1970                    |
/// |     12 |    4 | block size in bytes, a power of two from 4 KiB to 1 MiB        |
/// |     16 |    4 | number of fragment blocks                                      |
/// |     20 |    2 | compressor: 1 gzip, 2 lzma, 3 lzo, 4 xz, 5 lz4, 6 zstd         |
/// |     22 |    2 | log2 of the block size                                         |
/// |     24 |    2 | flags                                                          |
/// |     26 |    2 | number of ids                                                  |
/// |     28 |    4 | version, major (4) and minor (0)                               |
/// |     32 |    8 | reference to the root inode                                    |
/// |     40 |    8 | size of the image in bytes, padding behind it not counted      |
/// |     48 |    8 | offset of the id table's index                                 |
/// |     56 |    8 | offset of the xattr table's header, or -1                      |
/// |     64 |    8 | offset of the inode table                                      |
/// |     72 |    8 | offset of the directory table                                  |
/// |     80 |    8 | offset of the fragment table's index, or -1                    |
/// |     88 |    8 | offset of the export table's index, or -1                      |
///
/// @param inodes number of inodes
/// @param modifiedSeconds time the image was made
/// @param blockSizeBytes size of a full data block before compression
/// @param fragments number of fragment blocks
/// @param compression which compressor all blocks use
/// @param flags see [Flag]; unknown bits are dropped when reading
/// @param ids number of different owners and groups
/// @param root reference to the root directory's inode
/// @param usedBytes size of the image without padding
/// @param xattrTableOffsetBytes where the table is, [#NO_TABLE] if there is none; so are the others
public record Superblock(
    long inodes,
    long modifiedSeconds,
    int blockSizeBytes,
    long fragments,
    Compression compression,
    Set<Flag> flags,
    int ids,
    MetadataReference root,
    long usedBytes,
    long idTableOffsetBytes,
    long xattrTableOffsetBytes,
    long inodeTableOffsetBytes,
    long directoryTableOffsetBytes,
    long fragmentTableOffsetBytes,
    long exportTableOffsetBytes) {
  public static final int SIZE = 96;
  public static final long MAGIC = 0x7371_7368L;

  /// What the offset of a table that is not there says.
  public static final long NO_TABLE = -1;

  public static final int SMALLEST_BLOCK_BYTES = 1 << 12;
  public static final int LARGEST_BLOCK_BYTES = 1 << 20;

  private static final int MAJOR = 4;
  private static final int MINOR = 0;

  /// Properties of an image. All but [#COMPRESSOR_OPTIONS] are for people: the kernel looks at the
  /// blocks themselves.
  public enum Flag {
    UNCOMPRESSED_INODES(0x0001),
    UNCOMPRESSED_DATA(0x0002),
    UNCOMPRESSED_FRAGMENTS(0x0008),
    NO_FRAGMENTS(0x0010),
    ALWAYS_FRAGMENTS(0x0020),
    DUPLICATES_REMOVED(0x0040),
    EXPORTABLE(0x0080),
    UNCOMPRESSED_XATTRS(0x0100),
    NO_XATTRS(0x0200),
    /// A metadata block with the compressor's options follows the superblock.
    COMPRESSOR_OPTIONS(0x0400),
    UNCOMPRESSED_IDS(0x0800);

    private final int bit;

    Flag(int bit) {
      this.bit = bit;
    }

    static int toBits(Set<Flag> flags) {
      return flags.stream().mapToInt(flag -> flag.bit).sum();
    }

    static Set<Flag> fromBits(int bits) {
      Set<Flag> flags = EnumSet.noneOf(Flag.class);
      for (Flag flag : values()) {
        if ((bits & flag.bit) != 0) {
          flags.add(flag);
        }
      }
      return Set.copyOf(flags);
    }
  }

  public Superblock {
    flags = Set.copyOf(flags);
    requireBlockSize(blockSizeBytes);
  }

  /// @throws IllegalArgumentException unless `bytes` is a power of two from 4 KiB to 1 MiB
  static void requireBlockSize(int bytes) {
    if (!isBlockSize(bytes)) {
      throw new IllegalArgumentException(
          "SquashFS block size %d: expected a power of two from 4096 to 1048576".formatted(bytes));
    }
  }

  static boolean isBlockSize(long bytes) {
    return Long.bitCount(bytes) == 1
        && bytes >= SMALLEST_BLOCK_BYTES
        && bytes <= LARGEST_BLOCK_BYTES;
  }

  public boolean has(Flag flag) {
    return flags.contains(flag);
  }

  public void writeTo(ByteWriter writer) {
    writer
        .u32(MAGIC)
        .u32(inodes)
        .u32(modifiedSeconds)
        .u32(blockSizeBytes)
        .u32(fragments)
        .u16(CompressorId.of(compression))
        .u16(Integer.numberOfTrailingZeros(blockSizeBytes))
        .u16(Flag.toBits(flags))
        .u16(ids)
        .u16(MAJOR)
        .u16(MINOR)
        .u64(root.packed())
        .u64(usedBytes)
        .u64(idTableOffsetBytes)
        .i64(xattrTableOffsetBytes)
        .u64(inodeTableOffsetBytes)
        .u64(directoryTableOffsetBytes)
        .i64(fragmentTableOffsetBytes)
        .i64(exportTableOffsetBytes);
  }

  public static Superblock readFrom(ByteReader reader) throws FormatException {
    requireMagic(reader);
    long inodes = reader.u32();
    long modifiedSeconds = reader.u32();
    int blockSizeBytes = readBlockSize(reader);
    long fragments = reader.u32();
    Compression compression = CompressorId.toCompression(reader.u16(), reader.offsetBytes() - 2);
    requireBlockSizeLog2(reader, blockSizeBytes);
    Set<Flag> flags = Flag.fromBits(reader.u16());
    int ids = reader.u16();
    requireVersion(reader);
    return new Superblock(
        inodes,
        modifiedSeconds,
        blockSizeBytes,
        fragments,
        compression,
        flags,
        ids,
        MetadataReference.unpack(reader.u64()),
        reader.u64(),
        reader.u64(),
        tableOffset(reader),
        reader.u64(),
        reader.u64(),
        tableOffset(reader),
        tableOffset(reader));
  }

  private static void requireMagic(ByteReader reader) throws FormatException {
    long magic = reader.u32();
    if (magic != MAGIC) {
      throw FormatException.malformed(
          reader.offsetBytes() - 4,
          "not a SquashFS image: expected magic %08x, found %08x".formatted(MAGIC, magic));
    }
  }

  private static int readBlockSize(ByteReader reader) throws FormatException {
    long bytes = reader.u32();
    if (!isBlockSize(bytes)) {
      throw FormatException.malformed(
          reader.offsetBytes() - 4,
          "SquashFS block size %d: expected a power of two from 4096 to 1048576".formatted(bytes));
    }
    return (int) bytes;
  }

  private static void requireBlockSizeLog2(ByteReader reader, int blockSizeBytes)
      throws FormatException {
    int log2 = reader.u16();
    if (log2 != Integer.numberOfTrailingZeros(blockSizeBytes)) {
      throw FormatException.malformed(
          reader.offsetBytes() - 2,
          "SquashFS block size log2 %d does not belong to a block size of %d"
              .formatted(log2, blockSizeBytes));
    }
  }

  private static void requireVersion(ByteReader reader) throws FormatException {
    int major = reader.u16();
    int minor = reader.u16();
    if (major != MAJOR || minor != MINOR) {
      throw FormatException.unsupported(
          reader.offsetBytes() - 4,
          "SquashFS version %d.%d: expected %d.%d".formatted(major, minor, MAJOR, MINOR));
    }
  }

  private static long tableOffset(ByteReader reader) throws FormatException {
    long offset = reader.i64();
    if (offset < NO_TABLE) {
      throw FormatException.malformed(
          reader.offsetBytes() - 8,
          "SquashFS table offset " + Long.toUnsignedString(offset) + " is beyond any image");
    }
    return offset;
  }
}
