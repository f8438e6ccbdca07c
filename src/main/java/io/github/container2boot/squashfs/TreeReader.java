package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.ExtendedAttributes;
import io.github.container2boot.tree.Fifo;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.Socket;
import io.github.container2boot.tree.SymbolicLink;
import io.github.container2boot.tree.TreePath;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Builds the tree of an image that is not trusted from its tables.
///
/// A directory may be reached once only and its listing be read once only, so that neither loops
/// nor sharing can make a small image into an endless tree.
final class TreeReader {
  /// A path of single letters that Linux can still name.
  private static final int DEEPEST = TreePath.MAX_BYTES / 2;

  /// A guess of what a tree costs in Java objects, for each inode and byte of a listing.
  private static final long INODE_MEMORY_BYTES = 200;

  private static final long LISTING_MEMORY_FACTOR = 6;

  private final Superblock superblock;
  private final ImageBytes image;
  private final BlockStore store;
  private final List<FragmentEntry> fragments;
  private final List<Long> ids;
  private final Optional<XattrTable> xattrs;
  private final MetadataTable inodes;
  private final MetadataTable listings;
  private final Reading reading;
  private final Map<Long, Inode> byReference = new HashMap<>();
  private final Set<Long> directories = new HashSet<>();
  private long listingBytesLeft;

  /// When directories are read.
  enum Reading {
    /// All of them, before anybody sees the tree.
    AT_ONCE,

    /// Each when somebody looks into it.
    WHEN_NEEDED
  }

  TreeReader(
      Superblock superblock,
      ImageBytes image,
      BlockStore store,
      List<FragmentEntry> fragments,
      List<Long> ids,
      Optional<XattrTable> xattrs,
      MetadataTable inodes,
      MetadataTable listings,
      Reading reading) {
    this.superblock = superblock;
    this.image = image;
    this.store = store;
    this.fragments = fragments;
    this.ids = ids;
    this.xattrs = xattrs;
    this.inodes = inodes;
    this.listings = listings;
    this.reading = reading;
    this.listingBytesLeft = listings.sizeBytes();
  }

  FileTree read() throws FormatException {
    long inodeCount = Math.min(superblock.inodes(), inodes.sizeBytes() / InodeHeader.SIZE);
    image.spendMemory("tree of inodes", inodeCount * INODE_MEMORY_BYTES);
    image.spendMemory("tree of names", listings.sizeBytes() * LISTING_MEMORY_FACTOR);
    InodeRecord root = readRecord(superblock.root());
    if (!(root instanceof InodeRecord.DirectoryInode directory)) {
      throw FormatException.malformed("SquashFS root inode is not a directory");
    }
    return new FileTree(directory(superblock.root(), directory, 0));
  }

  private InodeRecord readRecord(MetadataReference reference) throws FormatException {
    try {
      return InodeRecord.readFrom(inodes.at(reference), superblock.blockSizeBytes());
    } catch (FormatException problem) {
      throw problem.in("SquashFS inode table, uncompressed");
    }
  }

  private Inode inode(MetadataReference reference, int type, int depth) throws FormatException {
    Inode known = byReference.get(reference.packed());
    if (known != null && InodeType.of(known) == type) {
      return known;
    }
    InodeRecord record = readRecord(reference);
    if (record.header().type() != type) {
      throw FormatException.malformed(
          "SquashFS directory entry of type %d leads to an inode of type %d"
              .formatted(type, record.header().type()));
    }
    if (record instanceof InodeRecord.DirectoryInode directory) {
      return directory(reference, directory, depth + 1);
    }
    Inode inode = leaf(record);
    byReference.put(reference.packed(), inode);
    requireInodeCount();
    return inode;
  }

  private void requireInodeCount() throws FormatException {
    long found = byReference.size() + (long) directories.size();
    if (found > superblock.inodes()) {
      throw FormatException.malformed(
          "SquashFS image has more inodes than the %d its superblock names"
              .formatted(superblock.inodes()));
    }
  }

  private Directory directory(
      MetadataReference reference, InodeRecord.DirectoryInode record, int depth)
      throws FormatException {
    if (!directories.add(reference.packed())) {
      throw FormatException.malformed("SquashFS directory has two names or holds itself");
    }
    if (depth > DEEPEST) {
      throw FormatException.unsupported(
          "SquashFS directories nested more than %d deep".formatted(DEEPEST));
    }
    requireInodeCount();
    Attributes attributes = attributes(record);
    return switch (reading) {
      case AT_ONCE -> Directory.of(attributes, entries(record, depth));
      case WHEN_NEEDED -> Directory.deferred(attributes, () -> entriesLater(record, depth));
    };
  }

  /// Directories that are read later share what is known of inodes.
  private synchronized NavigableMap<FileName, Inode> entriesLater(
      InodeRecord.DirectoryInode record, int depth) {
    try {
      return entries(record, depth);
    } catch (FormatException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private NavigableMap<FileName, Inode> entries(InodeRecord.DirectoryInode record, int depth)
      throws FormatException {
    NavigableMap<FileName, Inode> entries = new TreeMap<>();
    if (record.listingBytes() == 0) {
      return entries;
    }
    ByteReader listing = listing(record);
    while (listing.remaining() > 0) {
      DirectoryHeader run = DirectoryHeader.readFrom(listing);
      for (int left = run.entries(); left > 0; left--) {
        DirectoryEntry entry = DirectoryEntry.readFrom(listing);
        MetadataReference reference =
            new MetadataReference(run.inodeBlockBytes(), entry.inodeOffsetBytes());
        FileName name = name(entry.name());
        if (entries.put(name, inode(reference, entry.type(), depth)) != null) {
          throw FormatException.malformed(
              "SquashFS directory has two entries named \"%s\"".formatted(name));
        }
      }
    }
    return entries;
  }

  private ByteReader listing(InodeRecord.DirectoryInode record) throws FormatException {
    if (record.listingBytes() > listingBytesLeft) {
      throw FormatException.malformed(
          "SquashFS directory listing of %d bytes: the directory table has %d that are not read yet"
              .formatted(record.listingBytes(), listingBytesLeft));
    }
    listingBytesLeft -= record.listingBytes();
    ByteReader table = listings.at(record.listing());
    long offset = table.offsetBytes();
    return ByteReader.littleEndian(table.slice((int) record.listingBytes()), offset);
  }

  private static FileName name(ByteString name) throws FormatException {
    String problem = FileName.problem(name);
    if (!problem.isEmpty()) {
      ByteString shown = name.substring(0, Math.min(name.size(), FileName.MAX_BYTES));
      throw FormatException.malformed(
          "SquashFS directory entry named \"%s\", which %s".formatted(shown, problem));
    }
    return new FileName(name);
  }

  private Inode leaf(InodeRecord record) throws FormatException {
    Attributes attributes = attributes(record);
    return switch (record) {
      case InodeRecord.DirectoryInode _ ->
          throw new IllegalArgumentException("a directory is no leaf");
      case InodeRecord.FileInode file -> new RegularFile(attributes, content(file));
      case InodeRecord.SymbolicLinkInode link -> new SymbolicLink(attributes, link.target());
      case InodeRecord.DeviceInode device ->
          new DeviceNode(
              attributes, kind(device), device.number().major(), device.number().minor());
      case InodeRecord.IpcInode ipc ->
          ipc.header().type() == InodeType.FIFO ? new Fifo(attributes) : new Socket(attributes);
    };
  }

  private static DeviceNode.Kind kind(InodeRecord.DeviceInode device) {
    return device.header().type() == InodeType.BLOCK_DEVICE
        ? DeviceNode.Kind.BLOCK
        : DeviceNode.Kind.CHARACTER;
  }

  private Attributes attributes(InodeRecord record) throws FormatException {
    InodeHeader header = record.header();
    return new Attributes(
        header.permissions(),
        id(header.userIndex()),
        id(header.groupIndex()),
        Instant.ofEpochSecond(header.modifiedSeconds()),
        xattrs(record.xattrIndex()));
  }

  private long id(int index) throws FormatException {
    if (index >= ids.size()) {
      throw FormatException.malformed(
          "SquashFS id %d: expected less than %d".formatted(index, ids.size()));
    }
    return ids.get(index);
  }

  /// Like the kernel, take an image without the table for one without attributes.
  private ExtendedAttributes xattrs(long index) throws FormatException {
    return index == InodeRecord.NO_XATTRS || xattrs.isEmpty()
        ? ExtendedAttributes.none()
        : xattrs.get().get(index);
  }

  private StoredFile content(InodeRecord.FileInode file) throws FormatException {
    image.requireInside("file's blocks", fileStart(file), file.blocks().storedBytes());
    return new StoredFile(store, file.sizeBytes(), placement(file));
  }

  /// Where there are no blocks, the start means nothing and is often 0.
  private static long fileStart(InodeRecord.FileInode file) {
    return file.blocks().storedBytes() == 0 ? Superblock.SIZE : file.startBytes();
  }

  private Placement placement(InodeRecord.FileInode file) throws FormatException {
    int tailBytes = (int) (file.sizeBytes() % superblock.blockSizeBytes());
    if (file.fragment() == FragmentEntry.NONE || tailBytes == 0) {
      return Placement.inBlocks(file.startBytes(), file.blocks());
    }
    if (file.fragment() >= fragments.size()) {
      throw FormatException.malformed(
          "SquashFS fragment %d: expected less than %d"
              .formatted(file.fragment(), fragments.size()));
    }
    if (file.fragmentOffsetBytes() > superblock.blockSizeBytes() - tailBytes) {
      throw FormatException.malformed(
          "SquashFS file's tail at %d in its fragment block: expected at most %d"
              .formatted(file.fragmentOffsetBytes(), superblock.blockSizeBytes() - tailBytes));
    }
    return new Placement(
        file.blocks().storedBytes() == 0 ? 0 : file.startBytes(),
        file.blocks(),
        file.fragment(),
        (int) file.fragmentOffsetBytes());
  }
}
