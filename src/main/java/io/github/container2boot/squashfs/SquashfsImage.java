package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.BlockDecompressor;
import io.github.container2boot.tree.FileTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/// An image read back: its tables are in memory, its data is read when asked for.
///
/// Images of mksquashfs, gensquashfs and this program are all the same to it, and none is trusted.
public final class SquashfsImage {
  private final Superblock superblock;
  private final FileTree tree;

  private SquashfsImage(Superblock superblock, FileTree tree) {
    this.superblock = superblock;
    this.tree = tree;
  }

  /// Reads the tables of `image`, which must stay readable as long as the tree's files are used.
  /// Memory follows the number of files.
  ///
  /// @throws FormatException if this is not an image, is damaged, or is more than memory holds
  public static SquashfsImage read(Content image) throws IOException {
    return read(image, TreeReader.Reading.AT_ONCE);
  }

  /// Reads the tables of an image that this program wrote and nobody changed: its directories are
  /// read when somebody looks into them, and one that is malformed all the same is an
  /// [java.io.UncheckedIOException] then.
  public static SquashfsImage readTrusted(Content image) throws IOException {
    return read(image, TreeReader.Reading.WHEN_NEEDED);
  }

  private static SquashfsImage read(Content image, TreeReader.Reading reading) throws IOException {
    Superblock superblock = Superblock.readFrom(head(image));
    requireSize(image, superblock.usedBytes());
    try (BlockDecompressor decompressor = superblock.compression().newDecompressor()) {
      return new SquashfsImage(
          superblock, new Tables(superblock, image, decompressor, reading).tree());
    }
  }

  private static ByteReader head(Content image) throws IOException {
    requireSize(image, Superblock.SIZE);
    ByteBuffer head = ByteBuffer.allocate(Superblock.SIZE);
    image.read(0, head);
    return ByteReader.littleEndian(head.flip(), 0);
  }

  private static void requireSize(Content image, long bytes) throws FormatException {
    if (image.sizeBytes() < bytes) {
      throw FormatException.malformed(
          image.sizeBytes(),
          "SquashFS image ends too soon: expected %d bytes, found %d"
              .formatted(bytes, image.sizeBytes()));
    }
  }

  public Superblock superblock() {
    return superblock;
  }

  /// Everything in the image. The contents of files are [StoredFile]s; their times are whole
  /// seconds.
  public FileTree tree() {
    return tree;
  }

  /// Reads one table after the other. Only the directory table does not say how large it is: it
  /// ends where the next begins.
  private static final class Tables {
    private final Superblock superblock;
    private final Content image;
    private final ImageBytes bytes;
    private final BlockDecompressor decompressor;
    private final TreeReader.Reading reading;

    Tables(
        Superblock superblock,
        Content image,
        BlockDecompressor decompressor,
        TreeReader.Reading reading) {
      this.superblock = superblock;
      this.image = image;
      this.bytes = new ImageBytes(image, superblock.usedBytes());
      this.decompressor = decompressor;
      this.reading = reading;
    }

    FileTree tree() throws IOException {
      LookupTable.Read<Long> ids = ids();
      LookupTable.Read<FragmentEntry> fragments = fragments();
      Optional<XattrTable> xattrs = xattrs();
      MetadataTable inodes =
          MetadataTable.read(
              "inode table",
              bytes,
              superblock.inodeTableOffsetBytes(),
              superblock.directoryTableOffsetBytes(),
              decompressor);
      long directoriesEnd =
          LongStream.of(
                  ids.startBytes(),
                  fragments.startBytes(),
                  exportTableStart(),
                  xattrs.map(XattrTable::startBytes).orElse(superblock.usedBytes()),
                  superblock.usedBytes())
              .min()
              .getAsLong();
      MetadataTable listings =
          MetadataTable.read(
              "directory table",
              bytes,
              superblock.directoryTableOffsetBytes(),
              directoriesEnd,
              decompressor);
      BlockStore store =
          new BlockStore(
              image, superblock.compression(), superblock.blockSizeBytes(), fragments.records());
      return new TreeReader(
              superblock,
              bytes,
              store,
              fragments.records(),
              ids.records(),
              xattrs,
              inodes,
              listings,
              reading)
          .read();
    }

    private LookupTable.Read<Long> ids() throws IOException {
      return LookupTable.read(
          "id table",
          bytes,
          superblock.idTableOffsetBytes(),
          superblock.ids(),
          Integer.BYTES,
          decompressor,
          ByteReader::u32);
    }

    private LookupTable.Read<FragmentEntry> fragments() throws IOException {
      if (superblock.fragments() == 0) {
        return new LookupTable.Read<>(List.of(), superblock.usedBytes());
      }
      return LookupTable.read(
          "fragment table",
          bytes,
          superblock.fragmentTableOffsetBytes(),
          superblock.fragments(),
          FragmentEntry.SIZE,
          decompressor,
          this::fragment);
    }

    private FragmentEntry fragment(ByteReader reader) throws FormatException {
      FragmentEntry entry = FragmentEntry.readFrom(reader);
      if (!BlockSize.isValid(entry.sizeWord(), superblock.blockSizeBytes())
          || entry.storedBytes() == 0) {
        throw FormatException.malformed(
            "SquashFS fragment block stored as %#x: expected 1 to %d bytes"
                .formatted(entry.sizeWord(), superblock.blockSizeBytes()));
      }
      bytes.requireInside("fragment block", entry.startBytes(), entry.storedBytes());
      return entry;
    }

    private Optional<XattrTable> xattrs() throws IOException {
      return superblock.xattrTableOffsetBytes() == Superblock.NO_TABLE
          ? Optional.empty()
          : Optional.of(XattrTable.read(bytes, superblock.xattrTableOffsetBytes(), decompressor));
    }

    /// The export table is for NFS servers; only where it begins matters here.
    private long exportTableStart() throws IOException {
      long index = superblock.exportTableOffsetBytes();
      return index == Superblock.NO_TABLE || superblock.inodes() == 0
          ? superblock.usedBytes()
          : bytes.read("export table", index, Long.BYTES).u64();
    }
  }
}
