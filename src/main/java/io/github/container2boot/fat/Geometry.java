package io.github.container2boot.fat;

/// Where the parts of a volume lie: reserved sectors, the tables, the root directory (FAT12 and
/// FAT16), the clusters.
///
/// @param tables how many copies of the table there are
/// @param tableSectors sectors of one
/// @param rootEntries entries of the fixed root directory, 0 for FAT32
/// @param clusters how many there are; they are numbered from 2
record Geometry(
    FatType type,
    int sectorSizeBytes,
    int sectorsPerCluster,
    int reservedSectors,
    int tables,
    long tableSectors,
    int rootEntries,
    long clusters) {
  static final long FIRST_CLUSTER = 2;

  int clusterSizeBytes() {
    return sectorsPerCluster * sectorSizeBytes;
  }

  /// The first number that is no cluster.
  long endCluster() {
    return FIRST_CLUSTER + clusters;
  }

  boolean has(long cluster) {
    return cluster >= FIRST_CLUSTER && cluster < endCluster();
  }

  long tableOffsetBytes(int table) {
    return (reservedSectors + table * tableSectors) * sectorSizeBytes;
  }

  long tableSizeBytes() {
    return tableSectors * sectorSizeBytes;
  }

  long rootDirectoryOffsetBytes() {
    return tableOffsetBytes(tables);
  }

  /// Bytes of the fixed root directory, in whole sectors.
  long rootDirectorySizeBytes() {
    long bytes = (long) rootEntries * DirectoryEntry.SIZE;
    return Math.ceilDiv(bytes, sectorSizeBytes) * sectorSizeBytes;
  }

  long dataOffsetBytes() {
    return rootDirectoryOffsetBytes() + rootDirectorySizeBytes();
  }

  long offsetBytes(long cluster) {
    return dataOffsetBytes() + (cluster - FIRST_CLUSTER) * clusterSizeBytes();
  }

  long sizeBytes() {
    return offsetBytes(endCluster());
  }

  long totalSectors() {
    return sizeBytes() / sectorSizeBytes;
  }

  /// How many clusters so many bytes take.
  long clustersFor(long bytes) {
    return Math.ceilDiv(bytes, clusterSizeBytes());
  }
}
