package io.github.container2boot.fat;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Decides type, cluster size and the place of everything, from what a volume must hold.
///
/// FAT32 is taken wherever the volume has the clusters for it: it is the only type that UEFI wants
/// on a fixed disk (UEFI Specification, section 13.3.1.1), and the one every firmware has seen
/// there. Below that comes FAT16; FAT12, which UEFI asks for on floppies only, is left to volumes
/// of less than 2 MiB. For each type, the cluster size is the one that makes the smallest volume:
/// small clusters pay in the tables, large ones in the last cluster of every file. Clusters larger
/// than Windows makes them by default (4 KiB up to 8 GiB, then 8, 16 and 32) are only taken where
/// the type needs them.
final class GeometryChoice {
  private static final int TABLES = 2;
  private static final int MOST_CLUSTER_BYTES = 32 << 10;
  private static final long MOST_SECTORS = 0xffff_ffffL;

  /// Files begin on pages, so that mapping or cloning one never straddles two.
  private static final int LEAST_ALIGNMENT_BYTES = 4096;

  /// Boot sector, FSInfo, and their copies at 6 and 7; 32 is what every tool keeps.
  private static final int FAT32_RESERVED_SECTORS = 32;

  /// What FAT16 has had since the first hard disks, and the least that we give.
  private static final int LEAST_ROOT_ENTRIES = 512;

  private static final int MOST_ROOT_ENTRIES = 0xffff;

  private final Demand demand;
  private final FatOptions options;

  private GeometryChoice(Demand demand, FatOptions options) {
    this.demand = demand;
    this.options = options;
  }

  /// What a volume must hold.
  ///
  /// Its clusters are never none: an empty FAT32 root takes one, and no volume is without.
  ///
  /// @param sizesBytes of every file and directory, the root left out
  /// @param rootEntries directory entries of the root
  record Demand(List<Long> sizesBytes, long rootEntries) {
    Demand {
      sizesBytes = List.copyOf(sizesBytes);
    }

    long clusters(FatType type, int clusterSizeBytes) {
      long clusters =
          sizesBytes.stream().mapToLong(size -> Math.ceilDiv(size, clusterSizeBytes)).sum();
      long rootBytes = type == FatType.FAT32 ? rootEntries * DirectoryEntry.SIZE : 0;
      return Math.max(1, clusters + Math.ceilDiv(rootBytes, clusterSizeBytes));
    }

    long bytes() {
      return sizesBytes.stream().mapToLong(Long::longValue).sum();
    }
  }

  static Geometry of(Demand demand, FatOptions options) throws FatException {
    GeometryChoice choice = new GeometryChoice(demand, options);
    Geometry exact = choice.exact();
    return options.sizeBytes().isEmpty()
        ? exact
        : choice.filling(options.sizeBytes().getAsLong(), exact);
  }

  /// The smallest volume of the best type.
  private Geometry exact() throws FatException {
    for (FatType type : types()) {
      Optional<Geometry> unpadded =
          best(type, clusterSize -> exact(type, clusterSize, type.leastClusters()));
      if (unpadded.isPresent()) {
        return unpadded.get();
      }
    }
    for (FatType type : types()) {
      Optional<Geometry> padded = best(type, clusterSize -> exact(type, clusterSize, 0));
      if (padded.isPresent()) {
        return padded.get();
      }
    }
    throw tooLarge(demand.bytes());
  }

  /// The volume that makes the most of `sizeBytes`.
  private Geometry filling(long sizeBytes, Geometry exact) throws FatException {
    if (sizeBytes < exact.sizeBytes()) {
      throw new FatException(new FatException.VolumeTooSmall(sizeBytes, exact.sizeBytes()));
    }
    for (FatType type : types()) {
      Optional<Geometry> filling = best(type, clusterSize -> filling(type, clusterSize, sizeBytes));
      if (filling.isPresent()) {
        return filling.get();
      }
    }
    throw tooLarge(sizeBytes);
  }

  private List<FatType> types() {
    return options
        .type()
        .map(List::of)
        .orElse(List.of(FatType.FAT32, FatType.FAT16, FatType.FAT12));
  }

  private FatException tooLarge(long sizeBytes) {
    String type = options.type().map(FatType::name).orElse("FAT");
    return new FatException(new FatException.VolumeTooLarge(sizeBytes, type));
  }

  @FunctionalInterface
  private interface Candidate {
    Optional<Geometry> of(int clusterSizeBytes);
  }

  /// Of all cluster sizes that work: the customary ones first, then the one that wastes least.
  private Optional<Geometry> best(FatType type, Candidate candidate) {
    return clusterSizes()
        .mapToObj(candidate::of)
        .flatMap(Optional::stream)
        .min(
            Comparator.comparing(GeometryChoice::isUncustomary)
                .thenComparingLong(geometry -> wasteBytes(type, geometry)));
  }

  private IntStream clusterSizes() {
    return IntStream.iterate(
        options.sectorSizeBytes(), size -> size <= MOST_CLUSTER_BYTES, size -> size * 2);
  }

  private static boolean isUncustomary(Geometry geometry) {
    return geometry.clusterSizeBytes() > customaryClusterBytes(geometry.sizeBytes());
  }

  /// What Windows takes for FAT32, Microsoft knowledge base article 140365.
  private static int customaryClusterBytes(long volumeBytes) {
    if (volumeBytes <= 8L << 30) {
      return 4 << 10;
    }
    if (volumeBytes <= 16L << 30) {
      return 8 << 10;
    }
    return volumeBytes <= 32L << 30 ? 16 << 10 : 32 << 10;
  }

  /// What of the volume is neither content nor free for more of it.
  private long wasteBytes(FatType type, Geometry geometry) {
    long used = demand.clusters(type, geometry.clusterSizeBytes());
    long free = (geometry.clusters() - used) * geometry.clusterSizeBytes();
    return options.sizeBytes().orElse(geometry.sizeBytes()) - demand.bytes() - free;
  }

  /// The smallest volume with these clusters, if it can be had with at least `leastUsed` of them in
  /// use.
  private Optional<Geometry> exact(FatType type, int clusterSizeBytes, long leastUsed) {
    long used = demand.clusters(type, clusterSizeBytes);
    if (used < leastUsed) {
      return Optional.empty();
    }
    return valid(laidOut(type, clusterSizeBytes, Math.max(used, type.leastClusters())));
  }

  /// The volume with the most of these clusters in `sizeBytes`.
  private Optional<Geometry> filling(FatType type, int clusterSizeBytes, long sizeBytes) {
    long least = Math.max(demand.clusters(type, clusterSizeBytes), type.leastClusters());
    if (laidOut(type, clusterSizeBytes, least).sizeBytes() > sizeBytes) {
      return Optional.empty();
    }
    long fits = least;
    long tooMany = sizeBytes / clusterSizeBytes + 1;
    while (tooMany - fits > 1) {
      long clusters = (fits + tooMany) >>> 1;
      if (laidOut(type, clusterSizeBytes, clusters).sizeBytes() <= sizeBytes) {
        fits = clusters;
      } else {
        tooMany = clusters;
      }
    }
    return valid(laidOut(type, clusterSizeBytes, fits));
  }

  private Optional<Geometry> valid(Geometry geometry) {
    boolean valid =
        geometry.clusters() <= geometry.type().mostClusters()
            && geometry.totalSectors() <= MOST_SECTORS
            && (geometry.type() == FatType.FAT32 || demand.rootEntries() <= mostRootEntries());
    return valid ? Optional.of(geometry) : Optional.empty();
  }

  private int mostRootEntries() {
    return MOST_ROOT_ENTRIES / entriesPerSector() * entriesPerSector();
  }

  private int entriesPerSector() {
    return options.sectorSizeBytes() / DirectoryEntry.SIZE;
  }

  private Geometry laidOut(FatType type, int clusterSizeBytes, long clusters) {
    int sectorSizeBytes = options.sectorSizeBytes();
    long tableBytes = type.tableBytes(clusters + Geometry.FIRST_CLUSTER);
    int reserved = type == FatType.FAT32 ? FAT32_RESERVED_SECTORS : 1;
    Geometry packed =
        new Geometry(
            type,
            sectorSizeBytes,
            clusterSizeBytes / sectorSizeBytes,
            reserved,
            TABLES,
            Math.ceilDiv(tableBytes, sectorSizeBytes),
            type == FatType.FAT32 ? 0 : rootEntries(),
            clusters);
    return aligned(packed);
  }

  private int rootEntries() {
    long entries = Math.max(LEAST_ROOT_ENTRIES, demand.rootEntries());
    long whole = Math.ceilDiv(entries, entriesPerSector()) * entriesPerSector();
    return (int) Math.min(whole, mostRootEntries());
  }

  /// The same with more reserved sectors, so that the clusters lie on multiples of their size.
  private static Geometry aligned(Geometry packed) {
    int alignment = Math.max(LEAST_ALIGNMENT_BYTES, packed.clusterSizeBytes());
    int paddingBytes = Math.floorMod(-packed.dataOffsetBytes(), alignment);
    return new Geometry(
        packed.type(),
        packed.sectorSizeBytes(),
        packed.sectorsPerCluster(),
        packed.reservedSectors() + paddingBytes / packed.sectorSizeBytes(),
        packed.tables(),
        packed.tableSectors(),
        packed.rootEntries(),
        packed.clusters());
  }
}
