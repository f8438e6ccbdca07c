package io.github.container2boot.gpt;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A disk with a GUID partition table as it is found: ours, or that of any other tool.
///
/// @param sectorSizeBytes 512 or 4096: that for which there is a header
/// @param diskId the disk's identifier
/// @param partitions those in use, by number
/// @param damage what is wrong with one of the two tables, the other being read instead; empty
///   where both are right and say the same
public record GptImage(
    int sectorSizeBytes, Guid diskId, List<Located> partitions, Optional<FormatException> damage) {

  public GptImage {
    partitions = List.copyOf(partitions);
  }

  /// A partition where it was found.
  ///
  /// @param number its place in the table, from 1: what Linux numbers it by
  /// @param content all its sectors, a region of the disk
  public record Located(int number, PartitionEntry entry, Content content) {}

  /// Reads the table of `disk`: the one at its beginning or, where that is damaged, the one at its
  /// end.
  ///
  /// @throws FormatException if both are damaged, or there is none
  public static GptImage read(Content disk) throws IOException {
    return TableReader.read(disk);
  }

  /// Whether there is a header where one has to be: in the second sector.
  public static boolean isIn(Content disk) throws IOException {
    return TableReader.hasHeader(disk);
  }

  /// The first partition of this type.
  public Optional<Located> find(PartitionType type) {
    return partitions.stream()
        .filter(partition -> partition.entry().type().equals(type.guid()))
        .findFirst();
  }

  /// The first partition with this label.
  public Optional<Located> find(String name) {
    return partitions.stream()
        .filter(partition -> partition.entry().name().text().equals(name))
        .findFirst();
  }
}
