package io.github.container2boot.fat;

/// How wide the entries of the file allocation table are, which follows from the number of clusters
/// (Microsoft FAT Specification, section 3.5).
///
/// Volumes we make stay 16 clusters away from the two limits, as the specification advises: code
/// that is off by one, two or ten there is common.
public enum FatType {
  FAT12(12, 1, 4_085),
  FAT16(16, 4_085, 65_525),
  FAT32(32, 65_525, 0x0fff_fff6);

  private static final long MARGIN_CLUSTERS = 16;

  private final int entryBits;
  private final long firstCount;
  private final long endCount;

  FatType(int entryBits, long firstCount, long endCount) {
    this.entryBits = entryBits;
    this.firstCount = firstCount;
    this.endCount = endCount;
  }

  /// Bits of one entry of the table.
  public int entryBits() {
    return entryBits;
  }

  /// The fewest clusters a volume of this type is made with.
  long leastClusters() {
    return this == FAT12 ? firstCount : firstCount + MARGIN_CLUSTERS;
  }

  /// The most clusters a volume of this type is made with.
  long mostClusters() {
    return endCount - MARGIN_CLUSTERS;
  }

  /// Whether a volume of this type may have so many clusters.
  boolean admits(long clusters) {
    return clusters >= firstCount && clusters < endCount;
  }

  /// Bytes of a table with `entries` entries.
  long tableBytes(long entries) {
    return Math.ceilDiv(entries * entryBits, 8);
  }

  /// All bits of an entry that mean something: FAT32 keeps the upper four out.
  long entryMask() {
    return switch (this) {
      case FAT12 -> 0x0fff;
      case FAT16 -> 0xffff;
      case FAT32 -> 0x0fff_ffff;
    };
  }

  /// The mark of a chain's last cluster.
  long endOfChain() {
    return entryMask();
  }

  /// The least entry that ends a chain; readers take any from here on.
  long leastEndOfChain() {
    return entryMask() - 7;
  }

  /// What the boot sector calls the type, in eight characters; nobody may rely on it.
  String title() {
    return name() + "   ";
  }
}
