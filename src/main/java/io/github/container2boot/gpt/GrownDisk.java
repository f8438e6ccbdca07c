package io.github.container2boot.gpt;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// A disk image on a larger disk: the second table moves to the end, where firmware and kernel look
/// for it, and all between belongs to nobody (UEFI Specification 2.10, section 5.3.2).
///
/// Partitions stay where they are and as large as they are.
///
/// @param beginning the protective MBR, the header and the entries
/// @param partitions what follows, to the end of the last partition
/// @param end the entries and the header again
/// @param sizeBytes of the larger disk
public record GrownDisk(Content beginning, Content partitions, Content end, long sizeBytes) {

  /// `image` on a disk of `sizeBytes`.
  ///
  /// @throws FormatException if either of its tables is damaged
  /// @throws GptException if the disk is too small, or has no whole number of sectors
  public static GrownDisk of(Content image, long sizeBytes) throws IOException, GptException {
    GptImage found = GptImage.read(image);
    if (found.damage().isPresent()) {
      throw found.damage().get();
    }
    return of(image, found, sizeBytes);
  }

  /// The whole disk.
  public Content content() {
    long free = sizeBytes - beginning.sizeBytes() - partitions.sizeBytes() - end.sizeBytes();
    return Content.concatenation(List.of(beginning, partitions, Content.hole(free), end));
  }

  private static GrownDisk of(Content image, GptImage found, long sizeBytes)
      throws IOException, GptException {
    int sectorSizeBytes = found.sectorSizeBytes();
    PartitionTableHeader header =
        PartitionTableHeader.readFrom(reader(image, sectorSizeBytes, sectorSizeBytes));
    long tableSizeBytes = header.entryCount() * header.entrySizeBytes();
    long tableSectors = Math.ceilDiv(tableSizeBytes, sectorSizeBytes);
    byte[] table =
        image.slice(header.entriesSector() * sectorSizeBytes, tableSizeBytes).toByteArray();
    long beginSector = header.entriesSector() + tableSectors;
    long endSector =
        found.partitions().stream()
            .mapToLong(partition -> partition.entry().lastSector() + 1)
            .max()
            .orElse(beginSector);
    requireSize(sizeBytes, sectorSizeBytes, endSector + tableSectors + 1);
    long sectors = sizeBytes / sectorSizeBytes;
    long backupSector = sectors - 1 - tableSectors;
    long lastUsable = backupSector - 1;
    PartitionTableHeader primary =
        moved(header, 1, sectors - 1, header.entriesSector(), lastUsable);
    PartitionTableHeader backup = moved(header, sectors - 1, 1, backupSector, lastUsable);
    return new GrownDisk(
        beginning(table, primary, sectorSizeBytes, sectors),
        image.slice(beginSector * sectorSizeBytes, (endSector - beginSector) * sectorSizeBytes),
        end(table, backup, sectorSizeBytes),
        sizeBytes);
  }

  private static void requireSize(long sizeBytes, int sectorSizeBytes, long leastSectors)
      throws GptException {
    if (sizeBytes < leastSectors * sectorSizeBytes) {
      throw new GptException(
          new GptException.DiskTooSmall(sizeBytes, leastSectors * sectorSizeBytes));
    }
    if (sizeBytes % sectorSizeBytes != 0) {
      throw new GptException(new GptException.NotWholeSectors(sizeBytes, sectorSizeBytes));
    }
  }

  private static Content beginning(
      byte[] table, PartitionTableHeader header, int sectorSizeBytes, long sectors) {
    ByteWriter target = ByteWriter.littleEndian(2 * sectorSizeBytes);
    new ProtectiveMbr(sectors).writeTo(target);
    target.padTo(sectorSizeBytes);
    header.writeTo(target);
    target.padTo(sectorSizeBytes);
    Content gap = Content.hole((header.entriesSector() - 2) * sectorSizeBytes);
    return Content.concatenation(List.of(target.toContent(), gap, padded(table, sectorSizeBytes)));
  }

  private static Content end(byte[] table, PartitionTableHeader header, int sectorSizeBytes) {
    ByteWriter target = ByteWriter.littleEndian(sectorSizeBytes);
    header.writeTo(target);
    target.padTo(sectorSizeBytes);
    return Content.concatenation(List.of(padded(table, sectorSizeBytes), target.toContent()));
  }

  private static Content padded(byte[] table, int sectorSizeBytes) {
    return ByteWriter.littleEndian(sectorSizeBytes)
        .bytes(ByteBuffer.wrap(table))
        .padTo(sectorSizeBytes)
        .toContent();
  }

  private static PartitionTableHeader moved(
      PartitionTableHeader header,
      long ownSector,
      long alternateSector,
      long entriesSector,
      long lastUsableSector) {
    return new PartitionTableHeader(
        ownSector,
        alternateSector,
        header.firstUsableSector(),
        lastUsableSector,
        header.diskId(),
        entriesSector,
        header.entryCount(),
        header.entrySizeBytes(),
        header.entriesChecksum());
  }

  private static ByteReader reader(Content disk, long offsetBytes, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    disk.read(offsetBytes, bytes);
    return ByteReader.littleEndian(bytes.flip(), offsetBytes);
  }
}
