package io.github.container2boot.gpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every structure against its bytes; disks as large as they must be, and back again.
class GptDiskTest {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
  private static final long MIB = 1L << 20;

  @Test
  void guidIsMixedEndian() throws Exception {
    Guid guid = PartitionType.EFI_SYSTEM.guid();
    byte[] bytes = written(Guid.SIZE, guid::writeTo);
    assertThat(HEX.formatHex(bytes)).isEqualTo("28 73 2a c1 1f f8 d2 11 ba 4b 00 a0 c9 3e c9 3b");
    assertThat(Guid.readFrom(ByteReader.littleEndian(bytes))).isEqualTo(guid);
    assertThat(guid).hasToString("C12A7328-F81F-11D2-BA4B-00A0C93EC93B");
  }

  @Test
  void guidOfDigestIsOfVersion8() {
    byte[] digest = new byte[32];
    Arrays.fill(digest, (byte) 0xff);
    assertThat(Guid.ofDigest(ByteString.of(digest)))
        .hasToString("FFFFFFFF-FFFF-8FFF-BFFF-FFFFFFFFFFFF");
    assertThat(Guid.ofDigest(ByteString.of(new byte[16])))
        .hasToString("00000000-0000-8000-8000-000000000000");
  }

  @Test
  void partitionEntry() throws Exception {
    PartitionEntry entry =
        new PartitionEntry(
            PartitionType.LINUX_FILE_SYSTEM_DATA.guid(),
            Disks.DISK_ID,
            2048,
            0x12_3456,
            PartitionEntry.NO_AUTO | PartitionEntry.REQUIRED,
            new PartitionName("C2BOOT"));
    byte[] bytes = written(PartitionEntry.SIZE, entry::writeTo);
    assertThat(HEX.formatHex(bytes, 0, 70))
        .isEqualTo(
            "af 3d c6 0f 83 84 72 47 8e 79 3d 69 d8 47 7d e4"
                + " 44 33 22 11 66 55 88 87 99 aa bb cc dd ee ff 00"
                + " 00 08 00 00 00 00 00 00 56 34 12 00 00 00 00 00 01 00 00 00 00 00 00 80"
                + " 43 00 32 00 42 00 4f 00 4f 00 54 00 00 00");
    assertThat(PartitionEntry.readFrom(ByteReader.littleEndian(bytes))).isEqualTo(entry);
  }

  /// The checksum is Python's: zlib.crc32 of these bytes with zeros at 16 to 19.
  @Test
  void header() throws Exception {
    PartitionTableHeader header =
        new PartitionTableHeader(1, 8191, 34, 8158, Disks.DISK_ID, 2, 128, 128, 0xab54_d286L);
    byte[] bytes = written(PartitionTableHeader.SIZE, header::writeTo);
    assertThat(HEX.formatHex(bytes))
        .isEqualTo(
            "45 46 49 20 50 41 52 54 00 00 01 00 5c 00 00 00 48 7f 02 ad 00 00 00 00"
                + " 01 00 00 00 00 00 00 00 ff 1f 00 00 00 00 00 00 22 00 00 00 00 00 00 00"
                + " de 1f 00 00 00 00 00 00 44 33 22 11 66 55 88 87 99 aa bb cc dd ee ff 00"
                + " 02 00 00 00 00 00 00 00 80 00 00 00 80 00 00 00 86 d2 54 ab");
    assertThat(PartitionTableHeader.readFrom(ByteReader.littleEndian(bytes))).isEqualTo(header);
  }

  @ParameterizedTest
  @CsvSource({
    // diskSectors, the entry
    "8192, 00 00 02 00 ee 82 02 00 01 00 00 00 ff 1f 00 00",
    "16450560, 00 00 02 00 ee fe ff ff 01 00 00 00 ff 03 fb 00",
    "16450561, 00 00 02 00 ee ff ff ff 01 00 00 00 00 04 fb 00",
    "4294967296, 00 00 02 00 ee ff ff ff 01 00 00 00 ff ff ff ff",
    "4294967297, 00 00 02 00 ee ff ff ff 01 00 00 00 ff ff ff ff",
  })
  void protectiveMbr(long diskSectors, String expected) {
    byte[] bytes = written(ProtectiveMbr.SIZE, new ProtectiveMbr(diskSectors)::writeTo);
    assertThat(HEX.formatHex(bytes, 446, 462)).isEqualTo(expected);
    assertThat(HEX.formatHex(bytes, 510, 512)).isEqualTo("55 aa");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void comesBackAsItWas(int sectorSizeBytes) throws Exception {
    GptDisk disk = Disks.disk(sectorSizeBytes);
    GptImage read = GptImage.read(disk.content());
    assertThat(read.sectorSizeBytes()).isEqualTo(sectorSizeBytes);
    assertThat(read.diskId()).isEqualTo(Disks.DISK_ID);
    assertThat(read.damage()).isEmpty();
    assertThat(read.partitions().stream().map(GptImage.Located::entry).toList())
        .isEqualTo(disk.entries());
    assertThat(read.find(PartitionType.EFI_SYSTEM)).hasValue(read.partitions().getFirst());
    byte[] root = read.find("C2BOOT").orElseThrow().content().slice(0, 100_001).toByteArray();
    assertThat(root).isEqualTo(Disks.two().getLast().content().toByteArray());
  }

  @ParameterizedTest
  @CsvSource({"512, 33", "4096, 5"})
  void isAsSmallAsItsContent(int sectorSizeBytes, int trailerSectors) throws Exception {
    GptDisk disk = Disks.disk(sectorSizeBytes);
    GptLayout layout = disk.layout();
    assertThat(layout.partitions().getFirst().offsetBytes()).isEqualTo(MIB);
    assertThat(layout.partitions().getLast().offsetBytes()).isEqualTo(5 * MIB);
    long end = layout.partitions().getLast().endBytes() + (long) trailerSectors * sectorSizeBytes;
    assertThat(disk.content().sizeBytes()).isBetween(end, end + 4095);
    assertThat(disk.content().sizeBytes() % 4096).isZero();
  }

  @Test
  void growsToTheSizeAskedFor() throws Exception {
    GptOptions options = GptOptions.exact(512, Disks.DISK_ID).withSizeBytes(100 * MIB + 512);
    GptDisk disk = GptDisk.of(Disks.two(), options);
    assertThat(disk.content().sizeBytes()).isEqualTo(100 * MIB + 512);
    assertThat(GptImage.read(disk.content()).damage()).isEmpty();
  }

  @Test
  void saysTheLeastSizeThatWorks() throws Exception {
    long least = Disks.disk(512).content().sizeBytes();
    assertRefused(least - 512, new GptException.DiskTooSmall(least - 512, least));
    assertRefused(least + 1, new GptException.NotWholeSectors(least + 1, 512));
    GptOptions options = GptOptions.exact(512, Disks.DISK_ID).withSizeBytes(least);
    assertThat(GptDisk.of(Disks.two(), options).content().sizeBytes()).isEqualTo(least);
  }

  private static void assertRefused(long sizeBytes, GptException.Problem problem) {
    GptOptions options = GptOptions.exact(512, Disks.DISK_ID).withSizeBytes(sizeBytes);
    assertThatThrownBy(() -> GptDisk.of(Disks.two(), options))
        .isInstanceOfSatisfying(GptException.class, e -> assertThat(e.problem()).isEqualTo(problem))
        .hasMessage(problem.message());
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void saysHowMuchRoomAFurtherPartitionHas(int sectorSizeBytes) throws Exception {
    long diskSize = 64 * MIB;
    long room = GptLayout.availableBytes(sectorSizeBytes, List.of(MIB + 1), diskSize);
    GptLayout layout =
        GptLayout.of(sectorSizeBytes, List.of(MIB + 1, room), OptionalLong.of(diskSize));
    assertThat(layout.partitions().getLast().offsetBytes()).isEqualTo(3 * MIB);
    assertThat(layout.partitions().getLast().sizeBytes()).isEqualTo(room);
    assertThatThrownBy(() ->
            GptLayout.of(sectorSizeBytes, List.of(MIB + 1, room + 1), OptionalLong.of(diskSize)))
        .isInstanceOf(GptException.class);
    assertThat(GptLayout.availableBytes(sectorSizeBytes, List.of(MIB), 1000)).isZero();
  }

  @Test
  void holds128PartitionsAndNoMore() throws Exception {
    List<Partition> partitions = new ArrayList<>();
    for (int index = 0; index < 128; index++) {
      partitions.add(
          Disks.partition(PartitionType.LINUX_FILE_SYSTEM_DATA, "p" + index, Content.hole(512)));
    }
    GptOptions options = GptOptions.exact(512, Disks.DISK_ID);
    GptImage read = GptImage.read(GptDisk.of(partitions, options).content());
    assertThat(read.partitions()).hasSize(128);
    assertThat(read.partitions().getLast().number()).isEqualTo(128);
    partitions.add(
        Disks.partition(PartitionType.LINUX_FILE_SYSTEM_DATA, "one more", Content.hole(512)));
    assertThatThrownBy(() -> GptDisk.of(partitions, options))
        .isInstanceOfSatisfying(
            GptException.class,
            e -> assertThat(e.problem()).isEqualTo(new GptException.TooManyPartitions(129, 128)));
  }

  @Test
  void namesHave36CodeUnitsAtMost() throws Exception {
    assertThat(PartitionName.of("x".repeat(36)).text()).hasSize(36);
    assertThat(PartitionName.of("\ud83d\ude00".repeat(18)).text()).hasSize(36);
    for (String name : new String[] {"x".repeat(37), "\ud83d\ude00".repeat(19), "a\0b"}) {
      assertThatThrownBy(() -> PartitionName.of(name))
          .isInstanceOfSatisfying(
              GptException.class,
              e -> assertThat(e.problem()).isInstanceOf(GptException.NameNotRepresentable.class));
    }
  }

  @Test
  void typesKnowTheirArchitecture() {
    assertThat(PartitionType.linuxRoot("arm64")).isEqualTo(PartitionType.LINUX_ROOT_ARM64);
    assertThat(PartitionType.linuxRoot("pdp11")).isEqualTo(PartitionType.LINUX_FILE_SYSTEM_DATA);
    assertThat(PartitionType.linuxRoot("")).isEqualTo(PartitionType.LINUX_FILE_SYSTEM_DATA);
    for (PartitionType type : PartitionType.values()) {
      assertThat(PartitionType.of(type.guid())).hasValue(type);
    }
    assertThat(
            Arrays.stream(PartitionType.values())
                .map(PartitionType::guid)
                .collect(Collectors.toSet()))
        .hasSize(PartitionType.values().length);
  }

  /// A change here changes every image that anybody has: only for a reason that is written down.
  @ParameterizedTest
  @CsvSource({
    "512, 96236d5ee77fc758085a784e48d66e8dccc405f534d108099be028b7dce84c07",
    "4096, a2e0eb949b63c809456b2fe5a3aa3a27a954ef815207aa123c8e4a6558d0de78"
  })
  void hasAlwaysHadTheseBytes(int sectorSizeBytes, String expected) throws Exception {
    byte[] bytes = Disks.disk(sectorSizeBytes).content().toByteArray();
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(expected);
  }

  @FunctionalInterface
  private interface Written {
    void writeTo(ByteWriter target);
  }

  private static byte[] written(int sizeBytes, Written structure) {
    ByteWriter target = ByteWriter.littleEndian(sizeBytes);
    structure.writeTo(target);
    assertThat(target.size()).isEqualTo(sizeBytes);
    return target.toByteArray();
  }
}
