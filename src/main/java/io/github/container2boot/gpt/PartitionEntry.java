package io.github.container2boot.gpt;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// One line of the partition table (UEFI Specification 2.10, section 5.3.3).
///
/// | offset | size | field |
/// |-------:|-----:|-------|
/// | 0 | 16 | type |
/// | 16 | 16 | unique identifier, PARTUUID |
/// | 32 | 8 | first sector |
/// | 40 | 8 | last sector |
/// | 48 | 8 | attributes |
/// | 56 | 72 | name, PARTLABEL |
///
/// @param firstSector where the partition begins
/// @param lastSector the last sector that belongs to it
/// @param attributes bits 0 to 2 are common to all types, 48 to 63 belong to the type
public record PartitionEntry(
    Guid type,
    Guid uniqueId,
    long firstSector,
    long lastSector,
    long attributes,
    PartitionName name) {
  public static final int SIZE = 128;

  /// The platform needs this partition: tools must not delete it.
  public static final long REQUIRED = 1L;

  /// Firmware makes no device for this partition.
  public static final long NO_BLOCK_IO = 1L << 1;

  /// A BIOS may boot from this partition.
  public static final long LEGACY_BIOS_BOOTABLE = 1L << 2;

  /// Discoverable Partitions Specification: the file system may be grown to fill the partition.
  public static final long GROW_FILE_SYSTEM = 1L << 59;

  /// Discoverable Partitions Specification: to be mounted read-only.
  public static final long READ_ONLY = 1L << 60;

  /// Discoverable Partitions Specification: not to be mounted automatically.
  public static final long NO_AUTO = 1L << 63;

  public long sizeSectors() {
    return lastSector - firstSector + 1;
  }

  void writeTo(ByteWriter target) {
    type.writeTo(target);
    uniqueId.writeTo(target);
    target.u64(firstSector).u64(lastSector).i64(attributes);
    name.writeTo(target);
  }

  static PartitionEntry readFrom(ByteReader source) throws FormatException {
    return new PartitionEntry(
        Guid.readFrom(source),
        Guid.readFrom(source),
        source.u64(),
        source.u64(),
        source.i64(),
        PartitionName.readFrom(source));
  }
}
