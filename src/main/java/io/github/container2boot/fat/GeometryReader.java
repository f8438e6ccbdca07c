package io.github.container2boot.fat;

import io.github.container2boot.bytes.FormatException;

/// Works out where a volume's parts lie from what its boot sector says, and believes nothing.
final class GeometryReader {
  private static final int SECTOR_SIZE_OFFSET = 11;
  private static final int SECTORS_PER_CLUSTER_OFFSET = 13;
  private static final int RESERVED_SECTORS_OFFSET = 14;
  private static final int TABLES_OFFSET = 16;
  private static final int TOTAL_SECTORS_OFFSET = 32;
  private static final int MEDIA_OFFSET = 21;
  private static final int TABLE_SECTORS_OFFSET = 22;

  private static final int LEAST_SECTOR_BYTES = 512;
  private static final int MOST_SECTOR_BYTES = 4096;
  private static final int LEAST_MEDIA = 0xf0;

  private GeometryReader() {}

  /// @param volumeBytes how much of the volume there is
  static Geometry of(BootSector boot, long volumeBytes) throws FormatException {
    requirePlausible(boot.parameters());
    Geometry withoutClusters = geometry(FatType.FAT32, boot, 0);
    long totalBytes = boot.parameters().totalSectors() * (long) boot.parameters().sectorSizeBytes();
    require(
        totalBytes <= volumeBytes,
        TOTAL_SECTORS_OFFSET,
        "volume of %d bytes: only %d are there".formatted(totalBytes, volumeBytes));
    long dataBytes = totalBytes - withoutClusters.dataOffsetBytes();
    long clusters = dataBytes / withoutClusters.clusterSizeBytes();
    require(
        clusters >= 1,
        TOTAL_SECTORS_OFFSET,
        "volume of %d bytes: no room for a cluster".formatted(totalBytes));
    return requireTables(geometry(type(boot, clusters), boot, clusters));
  }

  private static void requirePlausible(BiosParameterBlock parameters) throws FormatException {
    int sectorSize = parameters.sectorSizeBytes();
    require(
        Integer.bitCount(sectorSize) == 1
            && sectorSize >= LEAST_SECTOR_BYTES
            && sectorSize <= MOST_SECTOR_BYTES,
        SECTOR_SIZE_OFFSET,
        "sector size: expected 512, 1024, 2048 or 4096, found " + sectorSize);
    require(
        Integer.bitCount(parameters.sectorsPerCluster()) == 1,
        SECTORS_PER_CLUSTER_OFFSET,
        "sectors of a cluster: expected a power of two, found " + parameters.sectorsPerCluster());
    require(
        parameters.reservedSectors() > 0,
        RESERVED_SECTORS_OFFSET,
        "reserved sectors: expected at least 1, found 0");
    require(parameters.tables() > 0, TABLES_OFFSET, "allocation tables: expected 1 or 2, found 0");
    require(
        parameters.media() >= LEAST_MEDIA,
        MEDIA_OFFSET,
        "media: expected 0xf0 or more, found 0x%02x".formatted(parameters.media()));
  }

  private static Geometry geometry(FatType type, BootSector boot, long clusters) {
    BiosParameterBlock parameters = boot.parameters();
    return new Geometry(
        type,
        parameters.sectorSizeBytes(),
        parameters.sectorsPerCluster(),
        parameters.reservedSectors(),
        parameters.tables(),
        boot.fat32().map(Fat32Parameters::tableSectors).orElse((long) parameters.tableSectors()),
        parameters.rootEntries(),
        clusters);
  }

  /// By the specification the number of clusters alone decides. But `mkfs.fat -F 32` makes FAT32
  /// volumes with fewer, and Linux, Windows and EDK II all read a volume whose 16-bit table size is
  /// zero as FAT32: so do we.
  private static FatType type(BootSector boot, long clusters) throws FormatException {
    if (boot.fat32().isPresent()) {
      require(
          clusters <= 0x0fff_fff5L,
          TOTAL_SECTORS_OFFSET,
          "clusters: expected at most 268435445, found " + clusters);
      return FatType.FAT32;
    }
    require(
        !FatType.FAT32.admits(clusters),
        TABLE_SECTORS_OFFSET,
        "%d clusters: expected at most 65524 where the table has 16 bits".formatted(clusters));
    return FatType.FAT12.admits(clusters) ? FatType.FAT12 : FatType.FAT16;
  }

  private static Geometry requireTables(Geometry geometry) throws FormatException {
    long neededBytes = geometry.type().tableBytes(geometry.endCluster());
    require(
        geometry.tableSizeBytes() >= neededBytes,
        TABLE_SECTORS_OFFSET,
        "allocation table: expected %d bytes for %d clusters, found %d"
            .formatted(neededBytes, geometry.clusters(), geometry.tableSizeBytes()));
    return geometry;
  }

  private static void require(boolean condition, long offsetBytes, String problem)
      throws FormatException {
    if (!condition) {
      throw FormatException.malformed(offsetBytes, problem);
    }
  }
}
