package io.github.container2boot.gpt;

import java.util.OptionalLong;

/// What a disk is made with, besides its partitions.
///
/// @param sectorSizeBytes 512 or 4096
/// @param diskId derive it from content
/// @param sizeBytes how large the disk becomes; empty: as small as its partitions
public record GptOptions(int sectorSizeBytes, Guid diskId, OptionalLong sizeBytes) {
  public GptOptions {
    if (sectorSizeBytes != 512 && sectorSizeBytes != 4096) {
      throw new IllegalArgumentException("sector size " + sectorSizeBytes);
    }
  }

  /// A disk as small as its partitions.
  public static GptOptions exact(int sectorSizeBytes, Guid diskId) {
    return new GptOptions(sectorSizeBytes, diskId, OptionalLong.empty());
  }

  public GptOptions withSizeBytes(long changed) {
    return new GptOptions(sectorSizeBytes, diskId, OptionalLong.of(changed));
  }
}
