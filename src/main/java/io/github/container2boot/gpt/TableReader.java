package io.github.container2boot.gpt;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Reads the two tables of a disk and decides which to believe (UEFI Specification 2.10, section
/// 5.3.2).
final class TableReader {
  private static final int[] SECTOR_SIZES_BYTES = {512, 4096};
  private static final long PRIMARY_SECTOR = 1;
  private static final int SIGNATURE_BYTES = 8;

  /// 64 times what everybody uses.
  private static final long MOST_TABLE_BYTES = 1 << 20;

  private final Content disk;
  private final int sectorSizeBytes;
  private final long sectors;

  private TableReader(Content disk, int sectorSizeBytes) {
    this.disk = disk;
    this.sectorSizeBytes = sectorSizeBytes;
    this.sectors = disk.sizeBytes() / sectorSizeBytes;
  }

  static boolean hasHeader(Content disk) throws IOException {
    for (int sectorSizeBytes : SECTOR_SIZES_BYTES) {
      if (hasSignature(disk, sectorSizeBytes)) {
        return true;
      }
    }
    return false;
  }

  /// One of the two tables, or what is wrong with it.
  private sealed interface Found {
    record Table(PartitionTableHeader header, List<GptImage.Located> partitions) implements Found {
      boolean saysTheSameAs(Table other) {
        return header.diskId().equals(other.header.diskId()) && entries().equals(other.entries());
      }

      private List<PartitionEntry> entries() {
        return partitions.stream().map(GptImage.Located::entry).toList();
      }
    }

    record Damaged(FormatException problem) implements Found {}
  }

  static GptImage read(Content disk) throws IOException {
    int available = (int) Math.min(ProtectiveMbr.SIZE, disk.sizeBytes());
    ProtectiveMbr.require(reader(disk, 0, available));
    return new TableReader(disk, sectorSize(disk)).image();
  }

  /// The sector size for which a header is where it should be; that at the beginning counts more.
  private static int sectorSize(Content disk) throws IOException {
    for (int sectorSizeBytes : SECTOR_SIZES_BYTES) {
      if (hasSignature(disk, sectorSizeBytes)) {
        return sectorSizeBytes;
      }
    }
    for (int sectorSizeBytes : SECTOR_SIZES_BYTES) {
      if (hasSignature(disk, (disk.sizeBytes() / sectorSizeBytes - 1) * sectorSizeBytes)) {
        return sectorSizeBytes;
      }
    }
    throw FormatException.malformed(
        SECTOR_SIZES_BYTES[0],
        "no GUID partition table: expected \"EFI PART\" here, at byte 4096 or in the last sector");
  }

  private static boolean hasSignature(Content disk, long offsetBytes) throws IOException {
    return offsetBytes >= 0
        && disk.sizeBytes() - offsetBytes >= SIGNATURE_BYTES
        && reader(disk, offsetBytes, SIGNATURE_BYTES).i64() == PartitionTableHeader.SIGNATURE;
  }

  private GptImage image() throws IOException {
    Found primary = find(PRIMARY_SECTOR);
    Found backup = find(backupSector(primary));
    return switch (primary) {
      case Found.Table table -> image(table, damage(table, backup));
      case Found.Damaged damaged ->
          image(backupOf(damaged, backup), Optional.of(damaged.problem()));
    };
  }

  /// The primary header knows; without it, the last sector is the place.
  private long backupSector(Found primary) {
    return switch (primary) {
      case Found.Table table -> table.header().alternateSector();
      case Found.Damaged _ -> sectors - 1;
    };
  }

  private static Optional<FormatException> damage(Found.Table primary, Found backup) {
    return switch (backup) {
      case Found.Damaged damaged -> Optional.of(damaged.problem());
      case Found.Table table ->
          table.saysTheSameAs(primary)
              ? Optional.empty()
              : Optional.of(
                  FormatException.malformed("the two GUID partition tables are not the same"));
    };
  }

  private static Found.Table backupOf(Found.Damaged primary, Found backup) throws FormatException {
    return switch (backup) {
      case Found.Table table -> table;
      case Found.Damaged _ -> throw primary.problem();
    };
  }

  private GptImage image(Found.Table table, Optional<FormatException> damage) {
    return new GptImage(sectorSizeBytes, table.header().diskId(), table.partitions(), damage);
  }

  private Found find(long sector) throws IOException {
    try {
      PartitionTableHeader header = header(sector);
      return new Found.Table(header, partitions(header));
    } catch (FormatException problem) {
      return new Found.Damaged(problem);
    }
  }

  private PartitionTableHeader header(long sector) throws IOException {
    requireOnDisk("GPT header", sector, 1);
    PartitionTableHeader header =
        PartitionTableHeader.readFrom(reader(disk, sector * sectorSizeBytes, sectorSizeBytes));
    if (header.ownSector() != sector) {
      throw malformed(sector, "GPT header says that it lies in sector " + header.ownSector());
    }
    if (header.firstUsableSector() > header.lastUsableSector() + 1
        || header.lastUsableSector() >= sectors) {
      throw malformed(
          sector,
          "sectors for partitions: expected some of %d, found %d to %d"
              .formatted(sectors, header.firstUsableSector(), header.lastUsableSector()));
    }
    return header;
  }

  private List<GptImage.Located> partitions(PartitionTableHeader header) throws IOException {
    ByteReader table = table(header);
    List<GptImage.Located> partitions = new ArrayList<>();
    for (int number = 1; number <= header.entryCount(); number++) {
      long offset = table.offsetBytes();
      ByteBuffer bytes = table.slice((int) header.entrySizeBytes());
      PartitionEntry entry = PartitionEntry.readFrom(ByteReader.littleEndian(bytes, offset));
      if (!entry.type().equals(Guid.ZERO)) {
        partitions.add(located(header, number, entry, offset));
      }
    }
    requireDisjoint(partitions);
    return List.copyOf(partitions);
  }

  /// The entries, whose checksum is right.
  private ByteReader table(PartitionTableHeader header) throws IOException {
    long sizeBytes = tableBytes(header);
    long offset = header.entriesSector() * sectorSizeBytes;
    byte[] table = disk.slice(offset, sizeBytes).toByteArray();
    long checksum = PartitionTableHeader.checksum(ByteBuffer.wrap(table));
    if (checksum != header.entriesChecksum()) {
      throw FormatException.malformed(
          offset,
          "CRC32 of the partition entries: expected 0x%08x, found 0x%08x"
              .formatted(header.entriesChecksum(), checksum));
    }
    return ByteReader.littleEndian(ByteBuffer.wrap(table), offset);
  }

  private long tableBytes(PartitionTableHeader header) throws FormatException {
    long entrySizeBytes = header.entrySizeBytes();
    boolean valid =
        entrySizeBytes >= PartitionEntry.SIZE
            && Long.bitCount(entrySizeBytes) == 1
            && header.entryCount() <= MOST_TABLE_BYTES / entrySizeBytes;
    if (!valid) {
      throw malformed(
          header.ownSector(),
          "partition entries: expected at most 1 MiB, 128 bytes each or twice that and so on,"
              + " found %d of %d bytes".formatted(header.entryCount(), entrySizeBytes));
    }
    long sizeBytes = header.entryCount() * entrySizeBytes;
    requireOnDisk(
        "partition entries", header.entriesSector(), Math.ceilDiv(sizeBytes, sectorSizeBytes));
    return sizeBytes;
  }

  private GptImage.Located located(
      PartitionTableHeader header, int number, PartitionEntry entry, long offset)
      throws FormatException {
    boolean valid =
        entry.firstSector() >= header.firstUsableSector()
            && entry.firstSector() <= entry.lastSector()
            && entry.lastSector() <= header.lastUsableSector();
    if (!valid) {
      throw FormatException.malformed(
          offset,
          "partition %d: expected to lie in sectors %d to %d, found %d to %d"
              .formatted(
                  number,
                  header.firstUsableSector(),
                  header.lastUsableSector(),
                  entry.firstSector(),
                  entry.lastSector()));
    }
    Content content =
        disk.slice(entry.firstSector() * sectorSizeBytes, entry.sizeSectors() * sectorSizeBytes);
    return new GptImage.Located(number, entry, content);
  }

  private static void requireDisjoint(List<GptImage.Located> partitions) throws FormatException {
    List<GptImage.Located> inOrder =
        partitions.stream()
            .sorted(Comparator.comparingLong(partition -> partition.entry().firstSector()))
            .toList();
    for (int index = 1; index < inOrder.size(); index++) {
      GptImage.Located before = inOrder.get(index - 1);
      GptImage.Located after = inOrder.get(index);
      if (after.entry().firstSector() <= before.entry().lastSector()) {
        throw FormatException.malformed(
            "partitions %d and %d overlap".formatted(before.number(), after.number()));
      }
    }
  }

  private void requireOnDisk(String what, long sector, long count) throws FormatException {
    if (sector < 0 || sector > sectors - count) {
      throw FormatException.malformed(
          "%s in sector %d: the disk has %d".formatted(what, sector, sectors));
    }
  }

  private FormatException malformed(long sector, String problem) {
    return FormatException.malformed(sector * sectorSizeBytes, problem);
  }

  private static ByteReader reader(Content disk, long offsetBytes, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    disk.read(offsetBytes, bytes);
    return ByteReader.littleEndian(bytes.flip(), offsetBytes);
  }
}
