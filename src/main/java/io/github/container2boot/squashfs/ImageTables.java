package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.compress.BlockCompressor;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Everything of an image but its data: what precedes it and the tables that follow it.
///
/// @param head superblock and compressor options
/// @param tables all tables, and zeros up to a multiple of 4 KiB, as loop devices like it
record ImageTables(ByteBuffer head, ByteBuffer tables) {
  private static final int PADDED_TO = 4096;

  /// How much precedes the first data block.
  static int headBytes(SquashfsOptions options) {
    return Superblock.SIZE + compressorOptions(options).map(block -> block.length).orElse(0);
  }

  private static Optional<byte[]> compressorOptions(SquashfsOptions options) {
    return new CompressorOptions(options.compression()).toBlock();
  }

  /// The tables for `tree`.
  ///
  /// @param placements where each file's data is
  /// @param fragments the fragment blocks, in the order of their numbers
  /// @param startBytes where the data ends
  static ImageTables of(
      FileTree tree,
      Function<RegularFile, Placement> placements,
      List<FragmentEntry> fragments,
      long startBytes,
      SquashfsOptions options)
      throws SquashfsLimitException {
    try (BlockCompressor compressor =
        options.compression().newCompressor(MetadataBlockHeader.BLOCK_BYTES)) {
      return of(tree, placements, fragments, startBytes, options, compressor);
    }
  }

  /// The same, with metadata compressed by `compressor`.
  static ImageTables of(
      FileTree tree,
      Function<RegularFile, Placement> placements,
      List<FragmentEntry> fragments,
      long startBytes,
      SquashfsOptions options,
      BlockCompressor compressor)
      throws SquashfsLimitException {
    return new Layout(tree, placements, fragments, startBytes, options, compressor).write();
  }

  private record Layout(
      FileTree tree,
      Function<RegularFile, Placement> placements,
      List<FragmentEntry> fragments,
      long startBytes,
      SquashfsOptions options,
      BlockCompressor compressor) {
    ImageTables write() throws SquashfsLimitException {
      IdTableBuilder ids = new IdTableBuilder();
      XattrTableBuilder xattrs = new XattrTableBuilder(compressor);
      InodeTableBuilder inodes =
          new InodeTableBuilder(compressor, xattrs, ids, options.blockSizeBytes(), placements);
      MetadataReference root = inodes.write(tree);

      TableWriter tables = new TableWriter(startBytes);
      long inodeTable = tables.blocks(inodes.inodes().finish());
      long directoryTable = tables.blocks(inodes.listings().finish());
      long fragmentTable =
          fragments.isEmpty() ? Superblock.NO_TABLE : indexed(tables, fragmentRecords());
      long exportTable = indexed(tables, inodes.toExportRecords());
      long idTable = indexed(tables, ids.toRecords());
      long xattrTable = xattrs.writeTo(tables);

      Superblock superblock =
          new Superblock(
              inodes.inodeCount(),
              Timestamp.toSeconds(options.modified()),
              options.blockSizeBytes(),
              fragments.size(),
              options.compression().compression(),
              flags(),
              ids.count(),
              root,
              tables.positionBytes(),
              idTable,
              xattrTable,
              inodeTable,
              directoryTable,
              fragmentTable,
              exportTable);
      return new ImageTables(head(superblock), padded(tables));
    }

    private long indexed(TableWriter tables, ByteWriter records) {
      MetadataWriter metadata = new MetadataWriter(compressor);
      metadata.write(records);
      return tables.indexed(metadata, ByteWriter.littleEndian(0));
    }

    private ByteWriter fragmentRecords() {
      ByteWriter records = ByteWriter.littleEndian(FragmentEntry.SIZE * fragments.size());
      fragments.forEach(fragment -> fragment.writeTo(records));
      return records;
    }

    private Set<Superblock.Flag> flags() {
      Set<Superblock.Flag> flags =
          EnumSet.of(Superblock.Flag.DUPLICATES_REMOVED, Superblock.Flag.EXPORTABLE);
      if (compressorOptions(options).isPresent()) {
        flags.add(Superblock.Flag.COMPRESSOR_OPTIONS);
      }
      return flags;
    }

    private ByteBuffer head(Superblock superblock) {
      ByteWriter head = ByteWriter.littleEndian(headBytes(options));
      superblock.writeTo(head);
      compressorOptions(options).ifPresent(head::bytes);
      return head.asByteBuffer();
    }

    private static ByteBuffer padded(TableWriter tables) {
      ByteWriter written = tables.written();
      return written
          .zeros((int) Math.floorMod(-tables.positionBytes(), (long) PADDED_TO))
          .asByteBuffer();
    }
  }
}
