package io.github.container2boot.gpt;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Where everything on a disk lies, decided from sizes alone: so what a partition must know of its
/// place (FAT does) can be told before there is a byte of it.
///
/// | sectors | what |
/// |---------|------|
/// | 0 | [ProtectiveMbr] |
/// | 1 | header |
/// | from 2 | 128 entries, 16 KiB |
/// | from 1 MiB | partitions, each beginning at a whole MiB |
/// | | the entries again |
/// | last | header again |
///
/// A whole MiB suits any sector, page, RAID stripe and flash block, and is where every tool puts
/// the first partition. Partitions end where their content does.
///
/// @param sectorSizeBytes 512 or 4096
/// @param sizeBytes of the disk
/// @param partitions in the order they were given
public record GptLayout(int sectorSizeBytes, long sizeBytes, List<Place> partitions) {
  /// Where partitions begin: at multiples of this.
  public static final long ALIGNMENT_BYTES = 1L << 20;

  /// Entries of the table, the least that the specification allows.
  public static final int ENTRIES = 128;

  private static final int TABLE_BYTES = ENTRIES * PartitionEntry.SIZE;

  /// A disk image ends on a page, whatever its sectors: some virtual machines insist.
  private static final long SIZE_MULTIPLE_BYTES = 4096;

  public GptLayout {
    partitions = List.copyOf(partitions);
  }

  /// Where a partition lies on its disk.
  ///
  /// @param sizeBytes in whole sectors
  public record Place(long offsetBytes, long sizeBytes) {
    public long endBytes() {
      return offsetBytes + sizeBytes;
    }
  }

  /// The layout for partitions of these sizes, in this order.
  ///
  /// @param partitionSizesBytes rounded up to whole sectors
  /// @param sizeBytes of the disk; empty: the least that works
  /// @throws GptException if there are too many or they do not fit
  public static GptLayout of(
      int sectorSizeBytes, List<Long> partitionSizesBytes, OptionalLong sizeBytes)
      throws GptException {
    requireEntries(partitionSizesBytes.size());
    List<Place> places = places(sectorSizeBytes, partitionSizesBytes);
    long leastBytes = leastBytes(sectorSizeBytes, places);
    requireSize(sectorSizeBytes, leastBytes, sizeBytes);
    return new GptLayout(sectorSizeBytes, sizeBytes.orElse(leastBytes), places);
  }

  /// How large a further partition after those of `partitionSizesBytes` can be on a disk of
  /// `diskSizeBytes`: not more than 0 where there is no room for one.
  public static long availableBytes(
      int sectorSizeBytes, List<Long> partitionSizesBytes, long diskSizeBytes) {
    long begin = nextOffset(places(sectorSizeBytes, partitionSizesBytes));
    long end = diskSizeBytes / sectorSizeBytes * sectorSizeBytes - trailerBytes(sectorSizeBytes);
    return Math.max(0, end - begin);
  }

  long sectors() {
    return sizeBytes / sectorSizeBytes;
  }

  /// Sectors of one table of entries.
  long tableSectors() {
    return TABLE_BYTES / sectorSizeBytes;
  }

  long firstUsableSector() {
    return 2 + tableSectors();
  }

  long lastUsableSector() {
    return sectors() - 2 - tableSectors();
  }

  private static List<Place> places(int sectorSizeBytes, List<Long> sizesBytes) {
    List<Place> places = new ArrayList<>();
    for (long sizeBytes : sizesBytes) {
      places.add(new Place(nextOffset(places), roundedUp(sizeBytes, sectorSizeBytes)));
    }
    return places;
  }

  private static long nextOffset(List<Place> places) {
    return places.isEmpty()
        ? ALIGNMENT_BYTES
        : roundedUp(places.getLast().endBytes(), ALIGNMENT_BYTES);
  }

  private static long leastBytes(int sectorSizeBytes, List<Place> places) {
    long end = places.isEmpty() ? ALIGNMENT_BYTES : places.getLast().endBytes();
    return roundedUp(end + trailerBytes(sectorSizeBytes), SIZE_MULTIPLE_BYTES);
  }

  private static long trailerBytes(int sectorSizeBytes) {
    return (long) TABLE_BYTES + sectorSizeBytes;
  }

  private static long roundedUp(long bytes, long multiple) {
    return Math.multiplyExact(Math.ceilDiv(bytes, multiple), multiple);
  }

  private static void requireEntries(int count) throws GptException {
    if (count > ENTRIES) {
      throw new GptException(new GptException.TooManyPartitions(count, ENTRIES));
    }
  }

  private static void requireSize(int sectorSizeBytes, long leastBytes, OptionalLong sizeBytes)
      throws GptException {
    long given = sizeBytes.orElse(leastBytes);
    if (given < leastBytes) {
      throw new GptException(new GptException.DiskTooSmall(given, leastBytes));
    }
    if (given % sectorSizeBytes != 0) {
      throw new GptException(new GptException.NotWholeSectors(given, sectorSizeBytes));
    }
  }
}
