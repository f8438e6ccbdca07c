package io.github.container2boot.gpt;

import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A disk with a GUID partition table, made of partitions.
///
/// Only the tables are computed; the partitions' Contents become parts of the disk's.
public final class GptDisk {
  private final GptOptions options;
  private final GptLayout layout;
  private final List<Partition> partitions;

  private GptDisk(GptOptions options, GptLayout layout, List<Partition> partitions) {
    this.options = options;
    this.layout = layout;
    this.partitions = partitions;
  }

  /// The disk that holds `partitions`, in this order.
  ///
  /// @throws GptException if they do not fit the table or the size that was asked for
  public static GptDisk of(List<Partition> partitions, GptOptions options) throws GptException {
    requireDistinct(partitions);
    List<Long> sizes =
        partitions.stream().map(partition -> partition.content().sizeBytes()).toList();
    GptLayout layout = GptLayout.of(options.sectorSizeBytes(), sizes, options.sizeBytes());
    return new GptDisk(options, layout, List.copyOf(partitions));
  }

  private static void requireDistinct(List<Partition> partitions) {
    Set<Guid> seen = new HashSet<>();
    for (Partition partition : partitions) {
      if (!seen.add(partition.uniqueId())) {
        throw new IllegalArgumentException("two partitions are called " + partition.uniqueId());
      }
    }
  }

  /// The whole disk.
  public Content content() {
    List<Content> parts = new ArrayList<>();
    parts.add(beginning());
    long position = parts.getFirst().sizeBytes();
    for (int index = 0; index < partitions.size(); index++) {
      GptLayout.Place place = layout.partitions().get(index);
      parts.add(Content.hole(place.offsetBytes() - position));
      parts.add(partitions.get(index).content());
      position = place.offsetBytes() + partitions.get(index).content().sizeBytes();
    }
    Content end = end();
    parts.add(Content.hole(layout.sizeBytes() - end.sizeBytes() - position));
    parts.add(end);
    return Content.concatenation(parts);
  }

  public GptLayout layout() {
    return layout;
  }

  public Guid diskId() {
    return options.diskId();
  }

  /// The table: one entry for each partition, in order. The first is partition 1.
  public List<PartitionEntry> entries() {
    List<PartitionEntry> entries = new ArrayList<>();
    for (int index = 0; index < partitions.size(); index++) {
      entries.add(entry(partitions.get(index), layout.partitions().get(index)));
    }
    return List.copyOf(entries);
  }

  private PartitionEntry entry(Partition partition, GptLayout.Place place) {
    int sectorSizeBytes = layout.sectorSizeBytes();
    return new PartitionEntry(
        partition.type(),
        partition.uniqueId(),
        place.offsetBytes() / sectorSizeBytes,
        place.endBytes() / sectorSizeBytes - 1,
        partition.attributes(),
        partition.name());
  }

  private Content beginning() {
    ByteWriter target = ByteWriter.littleEndian(2 * layout.sectorSizeBytes());
    new ProtectiveMbr(layout.sectors()).writeTo(target);
    target.padTo(layout.sectorSizeBytes());
    header(1, lastSector(), 2).writeTo(target);
    target.padTo(layout.sectorSizeBytes()).bytes(table().asByteBuffer());
    return target.toContent();
  }

  private Content end() {
    ByteWriter target = ByteWriter.littleEndian(layout.sectorSizeBytes());
    target.bytes(table().asByteBuffer());
    header(lastSector(), 1, layout.lastUsableSector() + 1).writeTo(target);
    target.padTo(layout.sectorSizeBytes());
    return target.toContent();
  }

  private long lastSector() {
    return layout.sectors() - 1;
  }

  private PartitionTableHeader header(long ownSector, long alternateSector, long entriesSector) {
    return new PartitionTableHeader(
        ownSector,
        alternateSector,
        layout.firstUsableSector(),
        layout.lastUsableSector(),
        options.diskId(),
        entriesSector,
        GptLayout.ENTRIES,
        PartitionEntry.SIZE,
        PartitionTableHeader.checksum(table().asByteBuffer()));
  }

  private ByteWriter table() {
    ByteWriter target = ByteWriter.littleEndian(GptLayout.ENTRIES * PartitionEntry.SIZE);
    entries().forEach(entry -> entry.writeTo(target));
    return target.zeros(GptLayout.ENTRIES * PartitionEntry.SIZE - target.size());
  }
}
