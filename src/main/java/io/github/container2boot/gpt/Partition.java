package io.github.container2boot.gpt;

import io.github.container2boot.bytes.Content;

/// A partition to be placed on a disk.
///
/// @param type what it is for, such as [PartitionType#EFI_SYSTEM]'s
/// @param uniqueId its PARTUUID: derive it from content
/// @param name its PARTLABEL
/// @param attributes the bits named in [PartitionEntry]
/// @param content what is in it; the partition is as large, in whole sectors
public record Partition(
    Guid type, Guid uniqueId, PartitionName name, long attributes, Content content) {
  public Partition {
    if (content.sizeBytes() == 0) {
      throw new IllegalArgumentException("partition \"" + name + "\" is empty");
    }
  }

  /// A partition without attributes.
  public static Partition of(
      PartitionType type, Guid uniqueId, PartitionName name, Content content) {
    return new Partition(type.guid(), uniqueId, name, 0, content);
  }
}
