package io.github.container2boot.gpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Disks that lie.
class GptImageTest {
  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void takesTheSecondTableWhereTheFirstIsDamaged(int sectorSizeBytes) throws Exception {
    byte[] bytes = bytes(sectorSizeBytes);
    for (int damaged : new int[] {sectorSizeBytes, sectorSizeBytes + 56, 2 * sectorSizeBytes}) {
      byte[] changed = bytes.clone();
      changed[damaged]++;
      GptImage read = GptImage.read(Content.of(changed));
      assertThat(read.partitions().stream().map(GptImage.Located::entry).toList())
          .isEqualTo(Disks.disk(sectorSizeBytes).entries());
      assertThat(read.damage()).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void tellsThatTheSecondTableIsDamaged(int sectorSizeBytes) throws Exception {
    byte[] bytes = bytes(sectorSizeBytes);
    bytes[bytes.length - sectorSizeBytes + 30]++;
    GptImage read = GptImage.read(Content.of(bytes));
    assertThat(read.partitions()).hasSize(2);
    assertThat(read.damage().orElseThrow()).hasMessageContaining("CRC32 of the GPT header");
  }

  @Test
  void refusesWhereBothTablesAreDamaged() throws Exception {
    byte[] bytes = bytes(512);
    bytes[512 + 90]++;
    bytes[bytes.length - 512]++;
    assertRefused(bytes, "CRC32 of the GPT header");
  }

  @Test
  void refusesWithoutAProtectiveMbr() throws Exception {
    byte[] bytes = bytes(512);
    bytes[450] = 0x0c;
    assertRefused(bytes, "no protective MBR");
  }

  @Test
  void refusesWhatHasNoTable() throws Exception {
    byte[] bytes = new byte[1 << 20];
    System.arraycopy(bytes(512), 0, bytes, 0, 512);
    assertRefused(bytes, "no GUID partition table");
  }

  /// Checksums are right in all of these: only the numbers lie.
  @Test
  void refusesHeadersThatLie() throws Exception {
    assertHeaderRefused("says that it lies in", h -> header(h, 2, h.entryCount(), 128, 2, 34));
    assertHeaderRefused("at most 1 MiB", h -> header(h, 1, 0xffff_ffffL, 128, 2, 34));
    assertHeaderRefused("at most 1 MiB", h -> header(h, 1, 128, 0x8000_0000L, 2, 34));
    assertHeaderRefused("at most 1 MiB", h -> header(h, 1, 128, 64, 2, 34));
    assertHeaderRefused("at most 1 MiB", h -> header(h, 1, 128, 0, 2, 34));
    assertHeaderRefused(
        "partition entries in sector", h -> header(h, 1, 128, 128, Long.MAX_VALUE, 34));
    assertHeaderRefused("sectors for partitions", h -> header(h, 1, 128, 128, 2, Long.MAX_VALUE));
  }

  private static PartitionTableHeader header(
      PartitionTableHeader header,
      long ownSector,
      long entryCount,
      long entrySizeBytes,
      long entriesSector,
      long firstUsableSector) {
    return new PartitionTableHeader(
        ownSector,
        header.alternateSector(),
        firstUsableSector,
        header.lastUsableSector(),
        header.diskId(),
        entriesSector,
        entryCount,
        entrySizeBytes,
        header.entriesChecksum());
  }

  private static void assertHeaderRefused(
      String message, UnaryOperator<PartitionTableHeader> change) throws Exception {
    byte[] bytes = bytes(512);
    bytes[bytes.length - 512]++;
    PartitionTableHeader header =
        PartitionTableHeader.readFrom(
            ByteReader.littleEndian(Arrays.copyOfRange(bytes, 512, 1024)));
    ByteWriter target = ByteWriter.littleEndian(PartitionTableHeader.SIZE);
    change.apply(header).writeTo(target);
    target.asByteBuffer().get(bytes, 512, PartitionTableHeader.SIZE);
    assertRefused(bytes, message);
  }

  @Test
  void refusesPartitionsThatOverlapOrLeaveTheDisk() throws Exception {
    assertEntriesRefused("overlap", 2048, 4000, 4000, 5000);
    assertEntriesRefused("partition 1: expected to lie", 1, 4000, 4001, 5000);
    assertEntriesRefused("partition 2: expected to lie", 2048, 4000, 4001, 1L << 40);
    assertEntriesRefused("partition 2: expected to lie", 2048, 4000, 5000, 4001);
  }

  private static void assertEntriesRefused(String message, long... sectors) throws Exception {
    byte[] bytes = bytes(512);
    bytes[bytes.length - 512]++;
    ByteWriter entries = ByteWriter.littleEndian(128 * PartitionEntry.SIZE);
    for (int index = 0; index < 2; index++) {
      new PartitionEntry(
              PartitionType.EFI_SYSTEM.guid(),
              Disks.id(index),
              sectors[2 * index],
              sectors[2 * index + 1],
              0,
              new PartitionName(""))
          .writeTo(entries);
    }
    entries.zeros(128 * PartitionEntry.SIZE - entries.size());
    entries.asByteBuffer().get(bytes, 1024, entries.size());
    long sectorCount = bytes.length / 512;
    ByteWriter header = ByteWriter.littleEndian(512);
    new PartitionTableHeader(
            1,
            sectorCount - 1,
            34,
            sectorCount - 34,
            Disks.DISK_ID,
            2,
            128,
            128,
            PartitionTableHeader.checksum(entries.asByteBuffer()))
        .writeTo(header);
    header.asByteBuffer().get(bytes, 512, header.size());
    assertRefused(bytes, message);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void nothingButFormatExceptionsComesOfDamage(int sectorSizeBytes) throws Exception {
    Content small =
        GptDisk.of(
                List.of(Disks.partition(PartitionType.EFI_SYSTEM, "EFI", Content.hole(8192))),
                GptOptions.exact(sectorSizeBytes, Disks.DISK_ID))
            .content();
    byte[] sound = small.toByteArray();
    Random random = new Random(sectorSizeBytes);
    for (int round = 0; round < 2000; round++) {
      byte[] bytes = sound.clone();
      for (int change = random.nextInt(6); change >= 0; change--) {
        int tail = bytes.length - 6 * 4096;
        int position =
            random.nextBoolean() ? random.nextInt(6 * 4096) : tail + random.nextInt(6 * 4096);
        bytes[position] = (byte) random.nextInt();
      }
      int size = random.nextInt(10) == 0 ? random.nextInt(bytes.length) : bytes.length;
      readsOrRefuses(Arrays.copyOf(bytes, size));
    }
  }

  /// Reads a disk and all its partitions, and says whether that worked.
  static boolean readsOrRefuses(byte[] bytes) throws IOException {
    try {
      for (GptImage.Located partition : GptImage.read(Content.of(bytes)).partitions()) {
        partition.content().read(0, ByteBuffer.allocate(512));
        assertThat(partition.entry().name().toString()).doesNotContain("\n");
      }
      return true;
    } catch (FormatException _) {
      return false;
    }
  }

  private static void assertRefused(byte[] bytes, String message) {
    assertThatThrownBy(() -> GptImage.read(Content.of(bytes)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
  }

  private static byte[] bytes(int sectorSizeBytes) throws Exception {
    return Disks.disk(sectorSizeBytes).content().toByteArray();
  }
}
