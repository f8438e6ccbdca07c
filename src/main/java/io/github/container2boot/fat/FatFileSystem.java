package io.github.container2boot.fat;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.fat.TreePlan.DirectoryPlan;
import io.github.container2boot.fat.TreePlan.FilePlan;
import io.github.container2boot.fat.TreePlan.NodePlan;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.TreePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// A FAT volume made of a tree.
///
/// Only metadata is computed: the files' Contents become parts of the volume's, each in one piece,
/// and nothing is read before somebody reads the volume.
public final class FatFileSystem {
  private static final int INFORMATION_SECTOR = 1;
  private static final int BACKUP_SECTOR = 6;

  private final FatOptions options;
  private final TreePlan plan;
  private final Geometry geometry;
  private final IdentityHashMap<NodePlan, Long> firstClusters = new IdentityHashMap<>();
  private final IdentityHashMap<DirectoryPlan, Long> parentClusters = new IdentityHashMap<>();
  private final long[] runEnds;
  private final Content content;

  private FatFileSystem(FatOptions options, TreePlan plan, Geometry geometry) {
    this.options = options;
    this.plan = plan;
    this.geometry = geometry;
    this.runEnds = placeNodes();
    plan.directories().forEach(this::rememberAsParent);
    this.content = compose();
  }

  /// The volume that holds `tree`.
  ///
  /// Files and directories keep their names and times (see the package's essay for which); owners,
  /// permissions and extended attributes have no place in FAT. A file with several links lies there
  /// once for each.
  ///
  /// @throws FatException if the tree or the size that was asked for does not fit FAT
  public static FatFileSystem of(FileTree tree, FatOptions options) throws FatException {
    TreePlan plan = TreePlan.of(tree, options.label());
    return new FatFileSystem(options, plan, GeometryChoice.of(demand(plan), options));
  }

  private static GeometryChoice.Demand demand(TreePlan plan) {
    List<NodePlan> nodes =
        new ArrayList<>(plan.directories().subList(1, plan.directories().size()));
    nodes.addAll(plan.files());
    return new GeometryChoice.Demand(
        nodes.stream().map(NodePlan::sizeBytes).toList(), plan.root().entries());
  }

  /// The volume, exactly as large as was asked for or as its content needs.
  public Content content() {
    return content;
  }

  public FatType type() {
    return geometry.type();
  }

  public int clusterSizeBytes() {
    return geometry.clusterSizeBytes();
  }

  /// What is left for more files.
  public long freeBytes() {
    return (geometry.endCluster() - nextFreeCluster()) * geometry.clusterSizeBytes();
  }

  /// Where every file's data lies. An empty file lies nowhere and is left out.
  public NavigableMap<TreePath, Extent> extents() {
    NavigableMap<TreePath, Extent> extents = new TreeMap<>();
    for (FilePlan file : plan.files()) {
      if (file.sizeBytes() > 0) {
        long offsetBytes = geometry.offsetBytes(firstCluster(file));
        extents.put(file.path(), new Extent(offsetBytes, file.sizeBytes()));
      }
    }
    return Collections.unmodifiableNavigableMap(extents);
  }

  /// Gives every node its clusters, directories first, and returns where each run ends.
  private long[] placeNodes() {
    List<NodePlan> nodes = placedNodes();
    long[] ends = new long[nodes.size()];
    long cluster = Geometry.FIRST_CLUSTER;
    for (int index = 0; index < ends.length; index++) {
      firstClusters.put(nodes.get(index), cluster);
      cluster += clusters(nodes.get(index));
      ends[index] = cluster;
    }
    return ends;
  }

  /// What lies in clusters, in their order.
  private List<NodePlan> placedNodes() {
    List<NodePlan> nodes = new ArrayList<>(plan.directories());
    if (type() != FatType.FAT32) {
      nodes.removeFirst();
    }
    plan.files().stream().filter(file -> file.sizeBytes() > 0).forEach(nodes::add);
    return nodes;
  }

  /// A directory has a cluster even if it is empty, as the root of FAT32 may be.
  private long clusters(NodePlan node) {
    return Math.max(1, geometry.clustersFor(node.sizeBytes()));
  }

  /// To those below it the root is cluster 0, wherever it lies (section 6.5).
  private void rememberAsParent(DirectoryPlan parent) {
    long cluster = parent.path().isRoot() ? 0 : firstCluster(parent);
    for (NodePlan node : parent.nodes()) {
      if (node instanceof DirectoryPlan directory) {
        parentClusters.put(directory, cluster);
      }
    }
  }

  private long parentCluster(DirectoryPlan directory) {
    return parentClusters.getOrDefault(directory, 0L);
  }

  /// The first cluster of `node`; 0 for what has none, as an entry says it.
  private long firstCluster(NodePlan node) {
    return firstClusters.getOrDefault(node, 0L);
  }

  private long nextFreeCluster() {
    return runEnds.length == 0 ? Geometry.FIRST_CLUSTER : runEnds[runEnds.length - 1];
  }

  private Content compose() {
    List<Content> parts = new ArrayList<>();
    parts.add(padded(reservedSectors(), geometry.tableOffsetBytes(0)));
    Content table = new AllocationTable(geometry, runEnds);
    parts.addAll(Collections.nCopies(geometry.tables(), table));
    if (type() != FatType.FAT32) {
      parts.add(padded(directory(plan.root()), geometry.rootDirectorySizeBytes()));
    }
    for (NodePlan node : placedNodes()) {
      parts.add(padded(content(node), clusters(node) * geometry.clusterSizeBytes()));
    }
    return padded(Content.concatenation(parts), options.sizeBytes().orElse(geometry.sizeBytes()));
  }

  private static Content padded(Content content, long sizeBytes) {
    return Content.concatenation(List.of(content, Content.hole(sizeBytes - content.sizeBytes())));
  }

  private Content content(NodePlan node) {
    return switch (node) {
      case DirectoryPlan directory -> directory(directory);
      case FilePlan file -> file.content();
    };
  }

  private Content reservedSectors() {
    ByteWriter target = ByteWriter.littleEndian(8 * geometry.sectorSizeBytes());
    bootSector().writeTo(target);
    if (type() == FatType.FAT32) {
      moveTo(target, INFORMATION_SECTOR);
      information().writeTo(target);
      moveTo(target, BACKUP_SECTOR);
      bootSector().writeTo(target);
      moveTo(target, BACKUP_SECTOR + INFORMATION_SECTOR);
      information().writeTo(target);
    }
    return target.toContent();
  }

  private void moveTo(ByteWriter target, int sector) {
    target.zeros(sector * geometry.sectorSizeBytes() - target.size());
  }

  private BootSector bootSector() {
    boolean wide = type() == FatType.FAT32;
    BiosParameterBlock parameters =
        new BiosParameterBlock(
            geometry.sectorSizeBytes(),
            geometry.sectorsPerCluster(),
            geometry.reservedSectors(),
            geometry.tables(),
            geometry.rootEntries(),
            geometry.totalSectors(),
            BiosParameterBlock.FIXED_MEDIA,
            wide ? 0 : (int) geometry.tableSectors(),
            BiosParameterBlock.SECTORS_PER_TRACK,
            BiosParameterBlock.HEADS,
            options.hiddenSectors());
    return new BootSector(
        BootSector.SYSTEM_NAME,
        parameters,
        wide ? Optional.of(fat32Parameters()) : Optional.empty(),
        new ExtendedBootRecord(
            true, options.volumeId(), options.label(), ByteString.utf8(type().title())));
  }

  private Fat32Parameters fat32Parameters() {
    return new Fat32Parameters(
        geometry.tableSectors(),
        0,
        0,
        firstCluster(plan.root()),
        INFORMATION_SECTOR,
        BACKUP_SECTOR);
  }

  private FileSystemInformation information() {
    long free = geometry.endCluster() - nextFreeCluster();
    return new FileSystemInformation(
        free, free == 0 ? FileSystemInformation.UNKNOWN : nextFreeCluster());
  }

  private Content directory(DirectoryPlan directory) {
    ByteWriter target = ByteWriter.littleEndian((int) directory.sizeBytes());
    writeOwnEntries(target, directory);
    directory.nodes().forEach(node -> writeEntry(target, node));
    return target.toContent();
  }

  private void writeOwnEntries(ByteWriter target, DirectoryPlan directory) {
    if (directory.path().isRoot()) {
      writeLabel(target);
      return;
    }
    entry(ShortName.DOT, directory, firstCluster(directory)).writeTo(target);
    entry(ShortName.DOT_DOT, directory, parentCluster(directory)).writeTo(target);
  }

  private void writeLabel(ByteWriter target) {
    if (!options.label().isNone()) {
      DirectoryEntry.of(
              new ShortName(options.label().bytes()),
              DirectoryEntry.VOLUME_LABEL,
              plan.root().modified(),
              0,
              0)
          .writeTo(target);
    }
  }

  private static DirectoryEntry entry(ShortName name, DirectoryPlan directory, long firstCluster) {
    return DirectoryEntry.of(name, DirectoryEntry.DIRECTORY, directory.modified(), firstCluster, 0);
  }

  private void writeEntry(ByteWriter target, NodePlan node) {
    node.name().writeLongNameTo(target);
    DirectoryEntry entry =
        switch (node) {
          case DirectoryPlan directory ->
              entry(directory.name().shortName(), directory, firstCluster(directory));
          case FilePlan file ->
              DirectoryEntry.of(
                  file.name().shortName(),
                  DirectoryEntry.ARCHIVE,
                  file.modified(),
                  firstCluster(file),
                  file.sizeBytes());
        };
    entry.writeTo(target);
  }
}
