package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.compress.BlockCompressor;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.Fifo;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.Socket;
import io.github.container2boot.tree.SymbolicLink;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes the inodes and listings of a tree.
///
/// Listings refer to inodes and directories' inodes to listings, so children come first. The inodes
/// of one directory's entries lie next to each other, as do their numbers: reading a directory and
/// asking for everything in it touches few metadata blocks.
final class InodeTableBuilder {
  /// How far a listing goes before the next step into it; the kernel finds the step by the metadata
  /// block it is in.
  private static final int INDEX_STRIDE_BYTES = MetadataBlockHeader.BLOCK_BYTES;

  private static final int MOST_INDEX_ENTRIES = 0xffff;
  private static final long MOST_INODES = 0xffff_fffeL;

  private final Function<RegularFile, Placement> placements;
  private final XattrTableBuilder xattrs;
  private final IdTableBuilder ids;
  private final MetadataWriter inodes;
  private final MetadataWriter listings;
  private final int blockSizeBytes;
  private final IdentityHashMap<Inode, Node> nodes = new IdentityHashMap<>(FileTree.USUAL_INODES);
  private final List<Node> byNumber = new ArrayList<>();

  InodeTableBuilder(
      BlockCompressor compressor,
      XattrTableBuilder xattrs,
      IdTableBuilder ids,
      int blockSizeBytes,
      Function<RegularFile, Placement> placements) {
    this.xattrs = xattrs;
    this.ids = ids;
    this.placements = placements;
    this.blockSizeBytes = blockSizeBytes;
    this.inodes = new MetadataWriter(compressor);
    this.listings = new MetadataWriter(compressor);
  }

  /// What is known of an inode.
  private static final class Node {
    private final long number;
    private long links;
    private @Nullable MetadataReference inode;
    private @Nullable Listing listing;

    Node(long number) {
      this.number = number;
    }

    MetadataReference inode() {
      return Objects.requireNonNull(inode, "inode not written yet");
    }

    Listing listing() {
      return Objects.requireNonNull(listing, "listing not written yet");
    }
  }

  private record Listing(
      MetadataReference position, long sizeBytes, List<DirectoryIndexEntry> index) {}

  /// Writes everything.
  ///
  /// @return the reference to the root inode
  MetadataReference write(FileTree tree) throws SquashfsLimitException {
    numberBelow(tree.root());
    Node root = number(tree.root());
    writeBelow(tree.root());
    // The root has no parent: like mksquashfs, name the number after the last.
    writeInode(tree.root(), root, inodeCount() + 1);
    return root.inode();
  }

  long inodeCount() {
    return byNumber.size();
  }

  MetadataWriter inodes() {
    return inodes;
  }

  MetadataWriter listings() {
    return listings;
  }

  /// The export table: a reference for each inode, in the order of numbers.
  ByteWriter toExportRecords() {
    ByteWriter records = ByteWriter.littleEndian(8 * byNumber.size());
    byNumber.forEach(node -> records.u64(node.inode().packed()));
    return records;
  }

  private void numberBelow(Directory directory) throws SquashfsLimitException {
    for (Inode child : directory.entries().values()) {
      if (child instanceof Directory below) {
        numberBelow(below);
      }
    }
    for (Inode child : directory.entries().values()) {
      Node known = nodes.get(child);
      Node node = known == null ? number(child) : known;
      node.links++;
    }
  }

  private Node number(Inode inode) throws SquashfsLimitException {
    SquashfsLimitException.require("so many inodes", inodeCount() + 1, MOST_INODES);
    Node node = new Node(inodeCount() + 1);
    nodes.put(inode, node);
    byNumber.add(node);
    return node;
  }

  private Node node(Inode inode) {
    return Objects.requireNonNull(nodes.get(inode), "inode without a number");
  }

  private void writeBelow(Directory directory) throws SquashfsLimitException {
    for (Inode child : directory.entries().values()) {
      if (child instanceof Directory below) {
        writeBelow(below);
      }
    }
    Node parent = node(directory);
    for (Inode child : directory.entries().values()) {
      Node node = node(child);
      if (node.inode == null) {
        writeInode(child, node, parent.number);
      }
    }
    parent.listing = writeListing(directory);
  }

  private void writeInode(Inode inode, Node node, long parentNumber) throws SquashfsLimitException {
    node.inode = inodes.position();
    ByteWriter record = ByteWriter.littleEndian(64);
    toRecord(inode, node, parentNumber).writeTo(record);
    inodes.write(record);
  }

  private InodeRecord toRecord(Inode inode, Node node, long parentNumber)
      throws SquashfsLimitException {
    InodeHeader header = header(inode, node);
    long xattrIndex = xattrs.indexOf(inode.attributes().xattrs());
    return switch (inode) {
      case Directory directory ->
          directoryRecord(header, directory, node.listing(), parentNumber, xattrIndex);
      case RegularFile file -> fileRecord(header, file, node, xattrIndex);
      case SymbolicLink link -> linkRecord(header, link, node, xattrIndex);
      case DeviceNode device ->
          new InodeRecord.DeviceInode(header, node.links, deviceNumber(device), xattrIndex);
      case Fifo _ -> new InodeRecord.IpcInode(header, node.links, xattrIndex);
      case Socket _ -> new InodeRecord.IpcInode(header, node.links, xattrIndex);
    };
  }

  private InodeHeader header(Inode inode, Node node) throws SquashfsLimitException {
    Attributes attributes = inode.attributes();
    return new InodeHeader(
        InodeType.of(inode),
        attributes.permissions(),
        ids.indexOf(attributes.userId()),
        ids.indexOf(attributes.groupId()),
        Timestamp.toSeconds(attributes.modified()),
        node.number);
  }

  private static InodeRecord directoryRecord(
      InodeHeader header,
      Directory directory,
      Listing listing,
      long parentNumber,
      long xattrIndex) {
    return new InodeRecord.DirectoryInode(
        header,
        2 + subdirectories(directory),
        listing.sizeBytes,
        listing.position,
        parentNumber,
        listing.index,
        xattrIndex);
  }

  private static long subdirectories(Directory directory) {
    long count = 0;
    for (Inode child : directory.entries().values()) {
      if (child instanceof Directory) {
        count++;
      }
    }
    return count;
  }

  private InodeRecord fileRecord(InodeHeader header, RegularFile file, Node node, long xattrIndex) {
    Placement placement = placements.apply(file);
    long size = file.content().sizeBytes();
    return new InodeRecord.FileInode(
        header,
        placement.startBytes(),
        size,
        sparseBytes(placement.blocks(), size),
        node.links,
        placement.fragment(),
        placement.fragmentOffsetBytes(),
        xattrIndex,
        placement.blocks());
  }

  /// At least one byte counts as stored, as mksquashfs has it: programs take a file that occupies
  /// nothing for one whose data is yet to be written.
  private long sparseBytes(BlockList blocks, long sizeBytes) {
    long sparse = (long) blocks.sparseCount() * blockSizeBytes;
    return sparse == 0 ? 0 : Math.min(sparse, sizeBytes - 1);
  }

  private static InodeRecord linkRecord(
      InodeHeader header, SymbolicLink link, Node node, long xattrIndex)
      throws SquashfsLimitException {
    SquashfsLimitException.require(
        "so long a symbolic link",
        link.target().size(),
        InodeRecord.SymbolicLinkInode.LARGEST_TARGET_BYTES);
    return new InodeRecord.SymbolicLinkInode(header, node.links, link.target(), xattrIndex);
  }

  private static DeviceNumber deviceNumber(DeviceNode device) throws SquashfsLimitException {
    SquashfsLimitException.require(
        "so high a major device number", device.major(), DeviceNumber.LARGEST_MAJOR);
    SquashfsLimitException.require(
        "so high a minor device number", device.minor(), DeviceNumber.LARGEST_MINOR);
    return new DeviceNumber(device.major(), device.minor());
  }

  private Listing writeListing(Directory directory) throws SquashfsLimitException {
    ListingWriter writer = new ListingWriter(listings.position());
    for (Map.Entry<FileName, Inode> entry : directory.entries().entrySet()) {
      writer.add(entry.getKey(), entry.getValue());
    }
    return writer.finish();
  }

  /// Writes one directory's runs of entries.
  private final class ListingWriter {
    private final MetadataReference start;
    private final List<DirectoryIndexEntry> index = new ArrayList<>();
    private final List<DirectoryEntry> run = new ArrayList<>();
    private long runInodeBlock;
    private long runNumber;
    private boolean runIsStep;
    private long sizeBytes;
    private long lastStepBytes;

    ListingWriter(MetadataReference start) {
      this.start = start;
    }

    void add(FileName name, Inode inode) throws SquashfsLimitException {
      Node node = node(inode);
      boolean step = needsStep(name);
      if (step || !fitsRun(node)) {
        beginRun(node, step);
      }
      int difference = (int) (node.number - runNumber);
      DirectoryEntry entry =
          new DirectoryEntry(
              node.inode().offsetBytes(), difference, InodeType.of(inode), name.bytes());
      run.add(entry);
      sizeBytes += entry.sizeBytes();
    }

    private boolean needsStep(FileName name) {
      long end = sizeBytes + DirectoryEntry.SIZE_BEFORE_NAME + name.bytes().size();
      return end - lastStepBytes > INDEX_STRIDE_BYTES && index.size() < MOST_INDEX_ENTRIES;
    }

    private boolean fitsRun(Node node) {
      long difference = node.number - runNumber;
      return !run.isEmpty()
          && run.size() < DirectoryHeader.MOST_ENTRIES
          && node.inode().blockBytes() == runInodeBlock
          && difference == (short) difference;
    }

    private void beginRun(Node first, boolean step) {
      writeRun();
      runInodeBlock = first.inode().blockBytes();
      runNumber = first.number;
      runIsStep = step;
      lastStepBytes = step ? sizeBytes : lastStepBytes;
      sizeBytes += DirectoryHeader.SIZE;
    }

    private void writeRun() {
      if (run.isEmpty()) {
        return;
      }
      if (runIsStep) {
        long block = listings.position().blockBytes();
        index.add(new DirectoryIndexEntry(lastStepBytes, block, run.getFirst().name()));
      }
      ByteWriter bytes = ByteWriter.littleEndian(DirectoryHeader.SIZE + 32 * run.size());
      new DirectoryHeader(run.size(), runInodeBlock, runNumber).writeTo(bytes);
      run.forEach(entry -> entry.writeTo(bytes));
      listings.write(bytes);
      run.clear();
    }

    Listing finish() throws SquashfsLimitException {
      writeRun();
      SquashfsLimitException.require(
          "so large a directory", sizeBytes, InodeRecord.DirectoryInode.LARGEST_LISTING_BYTES);
      return new Listing(start, sizeBytes, List.copyOf(index));
    }
  }
}
