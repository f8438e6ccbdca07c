package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import java.util.List;

/// An inode as it lies in the inode table. Each kind has a basic form and an extended one with more
/// and wider fields; writing takes the basic form wherever it can hold the values.
sealed interface InodeRecord {
  /// In an extended inode: there are no extended attributes.
  long NO_XATTRS = 0xffff_ffffL;

  long LARGEST_U32 = 0xffff_ffffL;

  /// Type, permissions and so on. Its type is the basic one, whatever the form.
  InodeHeader header();

  /// The index into the xattr id table, or [#NO_XATTRS].
  long xattrIndex();

  void writeTo(ByteWriter writer);

  /// Reads any inode.
  ///
  /// @param blockSizeBytes tells how many blocks a file has
  static InodeRecord readFrom(ByteReader reader, int blockSizeBytes) throws FormatException {
    InodeHeader stored = InodeHeader.readFrom(reader);
    boolean extended = InodeType.isExtended(stored.type());
    InodeHeader header = stored.withType(InodeType.basic(stored.type()));
    return switch (header.type()) {
      case InodeType.DIRECTORY -> DirectoryInode.readFrom(reader, header, extended);
      case InodeType.FILE -> FileInode.readFrom(reader, header, extended, blockSizeBytes);
      case InodeType.SYMBOLIC_LINK -> SymbolicLinkInode.readFrom(reader, header, extended);
      case InodeType.BLOCK_DEVICE, InodeType.CHARACTER_DEVICE ->
          DeviceInode.readFrom(reader, header, extended);
      case InodeType.FIFO, InodeType.SOCKET -> IpcInode.readFrom(reader, header, extended);
      default ->
          throw FormatException.malformed(
              reader.offsetBytes() - InodeHeader.SIZE,
              "SquashFS inode type %d: expected 1 to 14".formatted(stored.type()));
    };
  }

  private static void writeHeader(InodeHeader header, boolean extended, ByteWriter writer) {
    int type = extended ? InodeType.extended(header.type()) : header.type();
    header.withType(type).writeTo(writer);
  }

  /// A directory: `struct squashfs_dir_inode` and `struct squashfs_ldir_inode`, after the header.
  ///
  /// | basic | extended | size | field                                                       |
  /// |------:|---------:|-----:|-------------------------------------------------------------|
  /// |    20 |       16 |    4 | links: two and one for each directory in it                 |
  /// |    24 |       20 |  2/4 | size of the listing in bytes, plus 3 for "." and ".."       |
  /// |    16 |       24 |    4 | metadata block of the listing, from the directory table     |
  /// |    28 |       28 |    4 | inode number of the parent                                  |
  /// |       |       32 |    2 | number of index entries                                     |
  /// |    26 |       34 |    2 | offset of the listing in its uncompressed block             |
  /// |       |       36 |    4 | xattr index                                                 |
  /// |       |       40 |      | the index, see [DirectoryIndexEntry]                        |
  ///
  /// @param listingBytes size of the listing, without the 3
  record DirectoryInode(
      InodeHeader header,
      long links,
      long listingBytes,
      MetadataReference listing,
      long parentNumber,
      List<DirectoryIndexEntry> index,
      long xattrIndex)
      implements InodeRecord {
    /// What the format adds to a listing's size, so that readdir's offsets 0 to 2 stand for `.`,
    /// `..` and the first entry.
    private static final int DOTS = 3;

    private static final int LARGEST_BASIC_SIZE = 0xffff;
    static final long LARGEST_LISTING_BYTES = LARGEST_U32 - DOTS;

    private boolean isExtended() {
      return listingBytes + DOTS > LARGEST_BASIC_SIZE
          || !index.isEmpty()
          || xattrIndex != NO_XATTRS;
    }

    @Override
    public void writeTo(ByteWriter writer) {
      writeHeader(header, isExtended(), writer);
      if (isExtended()) {
        writer
            .u32(links)
            .u32(listingBytes + DOTS)
            .u32(listing.blockBytes())
            .u32(parentNumber)
            .u16(index.size())
            .u16(listing.offsetBytes())
            .u32(xattrIndex);
        index.forEach(entry -> entry.writeTo(writer));
      } else {
        writer
            .u32(listing.blockBytes())
            .u32(links)
            .u16((int) listingBytes + DOTS)
            .u16(listing.offsetBytes())
            .u32(parentNumber);
      }
    }

    /// The index is for the kernel's lookups; whoever reads whole directories leaves it unread.
    static DirectoryInode readFrom(ByteReader reader, InodeHeader header, boolean extended)
        throws FormatException {
      return extended ? readExtended(reader, header) : readBasic(reader, header);
    }

    private static DirectoryInode readBasic(ByteReader reader, InodeHeader header)
        throws FormatException {
      long block = reader.u32();
      long links = reader.u32();
      long size = listingBytes(reader.u16(), reader);
      MetadataReference listing = new MetadataReference(block, reader.u16());
      return new DirectoryInode(header, links, size, listing, reader.u32(), List.of(), NO_XATTRS);
    }

    private static DirectoryInode readExtended(ByteReader reader, InodeHeader header)
        throws FormatException {
      long links = reader.u32();
      long size = listingBytes(reader.u32(), reader);
      long block = reader.u32();
      long parentNumber = reader.u32();
      reader.skip(2);
      MetadataReference listing = new MetadataReference(block, reader.u16());
      return new DirectoryInode(
          header, links, size, listing, parentNumber, List.of(), reader.u32());
    }

    /// Some tools write 0 instead of 3 for an empty directory; the kernel takes both.
    private static long listingBytes(long size, ByteReader reader) throws FormatException {
      if (size != 0 && size < DOTS) {
        throw FormatException.malformed(
            reader.offsetBytes(), "SquashFS directory size %d: expected 3 or more".formatted(size));
      }
      return size == 0 ? 0 : size - DOTS;
    }
  }

  /// A file: `struct squashfs_reg_inode` and `struct squashfs_lreg_inode`, after the header.
  ///
  /// | basic | extended | size | field                                                       |
  /// |------:|---------:|-----:|-------------------------------------------------------------|
  /// |    16 |       16 |  4/8 | offset of the first block in the image                      |
  /// |    28 |       24 |  4/8 | size of the file in bytes                                   |
  /// |       |       32 |    8 | bytes of it that are holes                                  |
  /// |       |       40 |    4 | links                                                       |
  /// |    20 |       44 |    4 | fragment block of the tail, or -1                           |
  /// |    24 |       48 |    4 | offset of the tail in the uncompressed fragment block       |
  /// |       |       52 |    4 | xattr index                                                 |
  /// |    32 |       56 |    4 | for each block, how it is stored: see [BlockSize]           |
  ///
  /// A file with a tail has as many blocks as fit whole; one without has one more for what is left.
  record FileInode(
      InodeHeader header,
      long startBytes,
      long sizeBytes,
      long sparseBytes,
      long links,
      long fragment,
      long fragmentOffsetBytes,
      long xattrIndex,
      BlockList blocks)
      implements InodeRecord {
    private boolean isExtended() {
      return startBytes > LARGEST_U32
          || sizeBytes > LARGEST_U32
          || sparseBytes > 0
          || links != 1
          || xattrIndex != NO_XATTRS;
    }

    @Override
    public void writeTo(ByteWriter writer) {
      writeHeader(header, isExtended(), writer);
      if (isExtended()) {
        writer
            .u64(startBytes)
            .u64(sizeBytes)
            .u64(sparseBytes)
            .u32(links)
            .u32(fragment)
            .u32(fragmentOffsetBytes)
            .u32(xattrIndex);
      } else {
        writer.u32(startBytes).u32(fragment).u32(fragmentOffsetBytes).u32(sizeBytes);
      }
      for (int index = 0; index < blocks.count(); index++) {
        writer.i32(blocks.word(index));
      }
    }

    static FileInode readFrom(
        ByteReader reader, InodeHeader header, boolean extended, int blockSizeBytes)
        throws FormatException {
      return extended
          ? readExtended(reader, header, blockSizeBytes)
          : readBasic(reader, header, blockSizeBytes);
    }

    private static FileInode readBasic(ByteReader reader, InodeHeader header, int blockSizeBytes)
        throws FormatException {
      long start = reader.u32();
      long fragment = reader.u32();
      long fragmentOffset = reader.u32();
      long size = reader.u32();
      BlockList blocks = readBlocks(reader, size, fragment, blockSizeBytes);
      return new FileInode(header, start, size, 0, 1, fragment, fragmentOffset, NO_XATTRS, blocks);
    }

    private static FileInode readExtended(ByteReader reader, InodeHeader header, int blockSizeBytes)
        throws FormatException {
      long start = reader.u64();
      long size = reader.u64();
      long sparse = reader.u64();
      long links = reader.u32();
      long fragment = reader.u32();
      long fragmentOffset = reader.u32();
      long xattrIndex = reader.u32();
      BlockList blocks = readBlocks(reader, size, fragment, blockSizeBytes);
      return new FileInode(
          header, start, size, sparse, links, fragment, fragmentOffset, xattrIndex, blocks);
    }

    private static BlockList readBlocks(
        ByteReader reader, long sizeBytes, long fragment, int blockSizeBytes)
        throws FormatException {
      long count = blockCount(sizeBytes, fragment != FragmentEntry.NONE, blockSizeBytes);
      if (count > reader.remaining() / Integer.BYTES) {
        throw FormatException.malformed(
            reader.offsetBytes(),
            "SquashFS file of %d bytes: expected %d block sizes, the inode table ends after %d"
                .formatted(sizeBytes, count, reader.remaining() / Integer.BYTES));
      }
      int[] words = new int[(int) count];
      for (int index = 0; index < words.length; index++) {
        words[index] = reader.i32();
        if (!BlockSize.isValid(words[index], blockSizeBytes)) {
          throw FormatException.malformed(
              reader.offsetBytes() - Integer.BYTES,
              "SquashFS block stored as %#x: expected at most %d bytes"
                  .formatted(words[index], blockSizeBytes));
        }
      }
      return BlockList.of(words);
    }

    static long blockCount(long sizeBytes, boolean hasTail, int blockSizeBytes) {
      long whole = sizeBytes / blockSizeBytes;
      return hasTail || sizeBytes % blockSizeBytes == 0 ? whole : whole + 1;
    }
  }

  /// A symbolic link: `struct squashfs_symlink_inode`, after the header. The extended form has the
  /// xattr index after the target.
  ///
  /// | offset | size | field                    |
  /// |-------:|-----:|--------------------------|
  /// |     16 |    4 | links                    |
  /// |     20 |    4 | size of the target       |
  /// |     24 |      | the target, without NUL  |
  /// |        |    4 | xattr index              |
  record SymbolicLinkInode(InodeHeader header, long links, ByteString target, long xattrIndex)
      implements InodeRecord {
    /// Linux refuses larger ones when reading.
    static final int LARGEST_TARGET_BYTES = 4095;

    @Override
    public void writeTo(ByteWriter writer) {
      boolean extended = xattrIndex != NO_XATTRS;
      writeHeader(header, extended, writer);
      writer.u32(links).u32(target.size()).bytes(target);
      if (extended) {
        writer.u32(xattrIndex);
      }
    }

    static SymbolicLinkInode readFrom(ByteReader reader, InodeHeader header, boolean extended)
        throws FormatException {
      long links = reader.u32();
      long size = reader.u32();
      if (size > LARGEST_TARGET_BYTES + 1) {
        throw FormatException.malformed(
            reader.offsetBytes() - 4,
            "SquashFS symbolic link of %d bytes: expected at most %d"
                .formatted(size, LARGEST_TARGET_BYTES));
      }
      ByteString target = reader.byteString((int) size);
      return new SymbolicLinkInode(header, links, target, extended ? reader.u32() : NO_XATTRS);
    }
  }

  /// A device: `struct squashfs_dev_inode` and `struct squashfs_ldev_inode`, after the header.
  ///
  /// | offset | size | field                        |
  /// |-------:|-----:|------------------------------|
  /// |     16 |    4 | links                        |
  /// |     20 |    4 | numbers, see [DeviceNumber]  |
  /// |     24 |    4 | extended: xattr index        |
  record DeviceInode(InodeHeader header, long links, DeviceNumber number, long xattrIndex)
      implements InodeRecord {
    @Override
    public void writeTo(ByteWriter writer) {
      boolean extended = xattrIndex != NO_XATTRS;
      writeHeader(header, extended, writer);
      writer.u32(links).u32(number.encoded());
      if (extended) {
        writer.u32(xattrIndex);
      }
    }

    static DeviceInode readFrom(ByteReader reader, InodeHeader header, boolean extended)
        throws FormatException {
      return new DeviceInode(
          header,
          reader.u32(),
          DeviceNumber.decode(reader.u32()),
          extended ? reader.u32() : NO_XATTRS);
    }
  }

  /// A fifo or socket: `struct squashfs_ipc_inode` and `struct squashfs_lipc_inode`, after the
  /// header.
  ///
  /// | offset | size | field                  |
  /// |-------:|-----:|------------------------|
  /// |     16 |    4 | links                  |
  /// |     20 |    4 | extended: xattr index  |
  record IpcInode(InodeHeader header, long links, long xattrIndex) implements InodeRecord {
    @Override
    public void writeTo(ByteWriter writer) {
      boolean extended = xattrIndex != NO_XATTRS;
      writeHeader(header, extended, writer);
      writer.u32(links);
      if (extended) {
        writer.u32(xattrIndex);
      }
    }

    static IpcInode readFrom(ByteReader reader, InodeHeader header, boolean extended)
        throws FormatException {
      return new IpcInode(header, reader.u32(), extended ? reader.u32() : NO_XATTRS);
    }
  }
}
