package io.github.container2boot.fat;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// A FAT volume as it is found: ours, or that of any other system.
///
/// All metadata is read at once and held in memory; the files' Contents are regions of the volume.
public final class FatImage {
  /// Far above what any volume needs; every file and every level takes memory.
  private static final int MOST_FILES = 1 << 20;

  private static final int MOST_DEPTH = 256;
  private static final long MOST_DIRECTORY_BYTES = 2L << 20;

  private static final int FILE_PERMISSIONS = 0_644;
  private static final int DIRECTORY_PERMISSIONS = 0_755;

  private final Geometry geometry;
  private final ExtendedBootRecord extended;
  private final ClusterChains chains;
  private Optional<VolumeLabel> label = Optional.empty();
  private int files;
  private final FileTree tree;

  private FatImage(Content volume, BootSector boot, Geometry geometry) throws IOException {
    this.geometry = geometry;
    this.extended = boot.extended();
    int activeTable = boot.fat32().map(Fat32Parameters::activeTable).orElse(0);
    this.chains = new ClusterChains(volume, geometry, activeTable);
    this.tree = new FileTree(directory(rootDirectory(volume, boot), Instant.EPOCH, 0));
  }

  /// The volume that begins where `volume` does; what follows it is not looked at.
  ///
  /// @throws FormatException if it is none, or is damaged
  public static FatImage read(Content volume) throws IOException {
    int available = (int) Math.min(BootSector.SIZE, volume.sizeBytes());
    BootSector boot = BootSector.readFrom(reader(volume.slice(0, available)));
    Geometry geometry = GeometryReader.of(boot, volume.sizeBytes());
    requireActiveTable(boot, geometry);
    return new FatImage(volume, boot, geometry);
  }

  private static void requireActiveTable(BootSector boot, Geometry geometry)
      throws FormatException {
    int active = boot.fat32().map(Fat32Parameters::activeTable).orElse(0);
    if (active >= geometry.tables()) {
      throw FormatException.malformed(
          40, "active allocation table %d: there are %d".formatted(active, geometry.tables()));
    }
  }

  public FatType type() {
    return geometry.type();
  }

  public int sectorSizeBytes() {
    return geometry.sectorSizeBytes();
  }

  public int clusterSizeBytes() {
    return geometry.clusterSizeBytes();
  }

  /// The size of the file system, which may be less than that of what it lies in.
  public long sizeBytes() {
    return geometry.sizeBytes();
  }

  /// Where the last cluster ends that its table says is in use: no file has anything behind it.
  public long endOfUseBytes() throws IOException {
    return chains.endOfUseBytes();
  }

  /// The serial number, or 0 where there is none.
  public long volumeId() {
    return extended.present() ? extended.volumeId() : 0;
  }

  /// The label in the root directory: where it differs from the boot sector's, it is this that
  /// systems show.
  public Optional<VolumeLabel> label() {
    return label;
  }

  /// Everything there is: owned by root, files 0644 and directories 0755, as FAT knows no better.
  public FileTree tree() {
    return tree;
  }

  private Content rootDirectory(Content volume, BootSector boot) throws IOException {
    return boot.fat32().isPresent()
        ? chains.whole(boot.fat32().get().rootCluster(), MOST_DIRECTORY_BYTES)
        : volume.slice(
            geometry.rootDirectoryOffsetBytes(),
            (long) geometry.rootEntries() * DirectoryEntry.SIZE);
  }

  private Directory directory(Content content, Instant modified, int depth) throws IOException {
    if (depth > MOST_DEPTH) {
      throw FormatException.unsupported("more than %d levels of directories".formatted(MOST_DEPTH));
    }
    NavigableMap<FileName, Inode> children = new TreeMap<>();
    for (NamedEntry named : entries(content, depth == 0)) {
      if (children.put(named.name(), inode(named.entry(), depth)) != null) {
        throw FormatException.malformed(
            "directory has two entries named \"%s\"".formatted(named.name()));
      }
    }
    return Directory.of(attributes(DIRECTORY_PERMISSIONS, modified), children);
  }

  private record NamedEntry(FileName name, DirectoryEntry entry) {}

  /// The files and directories that a directory lists. Its bytes are done with afterwards, so that
  /// never more than one directory's are held.
  private List<NamedEntry> entries(Content content, boolean isRoot) throws IOException {
    List<NamedEntry> entries = new ArrayList<>();
    ByteReader source = reader(content);
    LongNameAssembly longName = new LongNameAssembly();
    while (source.remaining() >= DirectoryEntry.SIZE) {
      ByteBuffer bytes = source.slice(DirectoryEntry.SIZE);
      if (bytes.get(0) == DirectoryEntry.END) {
        break;
      }
      if (bytes.get(0) == DirectoryEntry.DELETED) {
        longName.clear();
      } else if (isLongName(bytes)) {
        longName.add(LongNameEntry.readFrom(reader(bytes)));
      } else {
        add(entries, DirectoryEntry.readFrom(reader(bytes)), longName, isRoot);
        longName.clear();
      }
    }
    return entries;
  }

  private static boolean isLongName(ByteBuffer entry) {
    int attributes = entry.get(DirectoryEntry.ATTRIBUTES_OFFSET);
    return (attributes & LongNameEntry.ATTRIBUTES_MASK) == LongNameEntry.ATTRIBUTES;
  }

  private void add(
      List<NamedEntry> entries, DirectoryEntry entry, LongNameAssembly longName, boolean isRoot)
      throws FormatException {
    if (entry.isVolumeLabel()) {
      label = isRoot ? Optional.of(new VolumeLabel(entry.name().bytes())) : label;
    } else if (!entry.name().equals(ShortName.DOT) && !entry.name().equals(ShortName.DOT_DOT)) {
      requireRoom();
      String name = longName.nameOf(entry.name()).orElseGet(entry::shownName);
      entries.add(new NamedEntry(fileName(name), entry));
    }
  }

  private void requireRoom() throws FormatException {
    if (++files > MOST_FILES) {
      throw FormatException.unsupported("more than %d files".formatted(MOST_FILES));
    }
  }

  private Inode inode(DirectoryEntry entry, int depth) throws IOException {
    Instant modified = entry.modified().toInstant();
    // Only FAT32 has the upper half; elsewhere OS/2 kept something else there.
    long mask = type() == FatType.FAT32 ? type().entryMask() : 0xffff;
    long firstCluster = entry.firstCluster() & mask;
    if (entry.isDirectory()) {
      Content entries = chains.whole(firstCluster, MOST_DIRECTORY_BYTES);
      return directory(entries, modified, depth + 1);
    }
    Content content = chains.content(firstCluster, entry.sizeBytes());
    return new RegularFile(attributes(FILE_PERMISSIONS, modified), content);
  }

  private static FileName fileName(String name) throws FormatException {
    ByteString bytes = encoded(name);
    if (bytes.size() > FileName.MAX_BYTES) {
      throw FormatException.unsupported(
          "directory entry: name \"%s\" takes more than 255 bytes as UTF-8".formatted(bytes));
    }
    String problem = FileName.problem(bytes);
    if (!problem.isEmpty()) {
      throw FormatException.malformed("directory entry: name \"%s\" %s".formatted(bytes, problem));
    }
    return new FileName(bytes);
  }

  private static ByteString encoded(String name) throws FormatException {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
      byte[] array = new byte[bytes.remaining()];
      bytes.get(array);
      return ByteString.of(array);
    } catch (CharacterCodingException _) {
      throw FormatException.malformed(
          "directory entry: name \"%s\" has half a surrogate pair"
              .formatted(ByteString.utf8(name)));
    }
  }

  private static Attributes attributes(int permissions, Instant modified) {
    return Attributes.ofRoot(permissions, modified);
  }

  private static ByteReader reader(Content content) throws IOException {
    return ByteReader.littleEndian(content.toByteArray());
  }

  private static ByteReader reader(ByteBuffer bytes) {
    return ByteReader.littleEndian(bytes.order(ByteOrder.LITTLE_ENDIAN), 0);
  }
}
