package io.github.container2boot.fat;

import java.util.Optional;
import java.util.OptionalLong;

/// What a FAT volume is made with, besides its tree.
///
/// @param sectorSizeBytes of the disk the volume lies on: 512 or 4096
/// @param hiddenSectors where the volume begins on its disk, in sectors; 0 where there is no disk
/// @param volumeId serial number, 32 bits: derive it from content
/// @param label the volume's name
/// @param sizeBytes how large the volume becomes, a multiple of the sector size; empty: as small as
///   its content
/// @param type which type it must have; empty: FAT32 where the volume has the clusters for it,
///   FAT16 where not, FAT12 where it must be. Asked for by name, a volume too small for its type
///   gets the free space it needs
public record FatOptions(
    int sectorSizeBytes,
    long hiddenSectors,
    long volumeId,
    VolumeLabel label,
    OptionalLong sizeBytes,
    Optional<FatType> type) {

  private static final long MAX_U32 = 0xffff_ffffL;

  public FatOptions {
    if (sectorSizeBytes != 512 && sectorSizeBytes != 4096) {
      throw new IllegalArgumentException("sector size " + sectorSizeBytes);
    }
    if (hiddenSectors < 0 || hiddenSectors > MAX_U32) {
      throw new IllegalArgumentException("hidden sectors " + hiddenSectors);
    }
    if (volumeId < 0 || volumeId > MAX_U32) {
      throw new IllegalArgumentException("volume id " + volumeId);
    }
    if (sizeBytes.isPresent() && sizeBytes.getAsLong() % sectorSizeBytes != 0) {
      throw new IllegalArgumentException(
          sizeBytes.getAsLong() + " bytes are no whole number of sectors");
    }
  }

  /// A volume as small as its content, that begins `hiddenSectors` sectors into its disk.
  public static FatOptions exact(
      int sectorSizeBytes, long hiddenSectors, long volumeId, VolumeLabel label) {
    return new FatOptions(
        sectorSizeBytes, hiddenSectors, volumeId, label, OptionalLong.empty(), Optional.empty());
  }

  public FatOptions withSizeBytes(long changed) {
    return new FatOptions(
        sectorSizeBytes, hiddenSectors, volumeId, label, OptionalLong.of(changed), type);
  }

  public FatOptions withType(FatType changed) {
    return new FatOptions(
        sectorSizeBytes, hiddenSectors, volumeId, label, sizeBytes, Optional.of(changed));
  }
}
