package io.github.container2boot.fat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every structure against its bytes.
class StructuresTest {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  @Test
  void bootSectorOfFat16() throws Exception {
    BootSector boot =
        new BootSector(
            BootSector.SYSTEM_NAME,
            new BiosParameterBlock(512, 4, 1, 2, 512, 20_000, 0xf8, 20, 63, 255, 2048),
            Optional.empty(),
            new ExtendedBootRecord(
                true, 0x1234_abcdL, VolumeLabel.of("ESP"), ByteString.utf8("FAT16   ")));
    byte[] bytes = written(512, boot::writeTo);
    assertThat(hex(bytes, 0, 66))
        .isEqualTo(
            "eb 3c 90 4d 53 57 49 4e 34 2e 31 00 02 04 01 00 02 00 02 20 4e f8 14 00 3f 00 ff 00"
                + " 00 08 00 00 00 00 00 00 80 00 29 cd ab 34 12 45 53 50 20 20 20 20 20 20 20 20"
                + " 46 41 54 31 36 20 20 20 fa f4 eb fd");
    assertThat(hex(bytes, 508, 512)).isEqualTo("00 00 55 aa");
    assertThat(BootSector.readFrom(ByteReader.littleEndian(bytes))).isEqualTo(boot);
  }

  @Test
  void bootSectorOfFat32() throws Exception {
    BootSector boot =
        new BootSector(
            BootSector.SYSTEM_NAME,
            new BiosParameterBlock(4096, 1, 32, 2, 0, 0x0012_3456, 0xf8, 0, 63, 255, 256),
            Optional.of(new Fat32Parameters(0x1234, 0, 0, 2, 1, 6)),
            new ExtendedBootRecord(
                true, 0xffff_ffffL, VolumeLabel.none(), ByteString.utf8("FAT32   ")));
    byte[] bytes = written(512, boot::writeTo);
    assertThat(hex(bytes, 0, 94))
        .isEqualTo(
            "eb 58 90 4d 53 57 49 4e 34 2e 31 00 10 01 20 00 02 00 00 00 00 f8 00 00 3f 00 ff 00"
                + " 00 01 00 00 56 34 12 00 34 12 00 00 00 00 00 00 02 00 00 00 01 00 06 00"
                + " 00 00 00 00 00 00 00 00 00 00 00 00 80 00 29 ff ff ff ff"
                + " 4e 4f 20 4e 41 4d 45 20 20 20 20 46 41 54 33 32 20 20 20 fa f4 eb fd");
    assertThat(BootSector.readFrom(ByteReader.littleEndian(bytes))).isEqualTo(boot);
  }

  @Test
  void fileSystemInformation() throws Exception {
    FileSystemInformation information = new FileSystemInformation(5, 0x1_0203);
    byte[] bytes = written(512, information::writeTo);
    assertThat(hex(bytes, 0, 4)).isEqualTo("52 52 61 41");
    assertThat(hex(bytes, 484, 496)).isEqualTo("72 72 41 61 05 00 00 00 03 02 01 00");
    assertThat(hex(bytes, 508, 512)).isEqualTo("00 00 55 aa");
    assertThat(FileSystemInformation.readFrom(ByteReader.littleEndian(bytes)))
        .isEqualTo(information);
    bytes[484] = 0;
    assertThatThrownBy(() -> FileSystemInformation.readFrom(ByteReader.littleEndian(bytes)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("at byte 484");
  }

  @Test
  void directoryEntry() throws Exception {
    DosTimestamp modified = DosTimestamp.nearest(Instant.parse("2026-11-22T12:34:57.250Z"));
    DirectoryEntry entry =
        DirectoryEntry.of(
            ShortName.of("GRUB", "CFG"), DirectoryEntry.ARCHIVE, modified, 0x12_3456, 417);
    byte[] bytes = written(32, entry::writeTo);
    assertThat(HEX.formatHex(bytes))
        .isEqualTo(
            "47 52 55 42 20 20 20 20 43 46 47 20 00 7d 5c 64 76 5d 76 5d 12 00 5c 64 76 5d 56 34"
                + " a1 01 00 00");
    DirectoryEntry read = DirectoryEntry.readFrom(ByteReader.littleEndian(bytes));
    assertThat(read.firstCluster()).isEqualTo(0x12_3456);
    assertThat(read.created().toInstant()).isEqualTo("2026-11-22T12:34:57.250Z");
    assertThat(read.modified().toInstant()).isEqualTo("2026-11-22T12:34:56Z");
    assertThat(read.shownName()).isEqualTo("GRUB.CFG");
  }

  /// The example of the specification, section 7.1.
  @Test
  void longNameEntries() throws Exception {
    String name = "The quick brown.fox";
    EntryName entryName = ShortNames.of(List.of(name)).getFirst();
    assertThat(entryName.shortName()).isEqualTo(ShortName.of("THEQUI~1", "FOX"));
    assertThat(entryName.entries()).isEqualTo(3);
    byte[] bytes = written(64, entryName::writeLongNameTo);
    assertThat(HEX.formatHex(bytes))
        .isEqualTo(
            "42 77 00 6e 00 2e 00 66 00 6f 00 0f 00 07 78 00 00 00 ff ff ff ff ff ff ff ff 00 00"
                + " ff ff ff ff 01 54 00 68 00 65 00 20 00 71 00 0f 00 07 75 00 69 00 63 00 6b 00"
                + " 20 00 62 00 00 00 72 00 6f 00");
    LongNameEntry last = LongNameEntry.readFrom(ByteReader.littleEndian(bytes));
    assertThat(last.last()).isTrue();
    assertThat(last.text()).isEqualTo("wn.fox");
  }

  @Test
  void longNameOfThirteenCharactersHasNoEnd() {
    EntryName name = ShortNames.of(List.of("thirteen-char")).getFirst();
    assertThat(HEX.formatHex(written(32, name::writeLongNameTo)))
        .startsWith("41 74 00")
        .endsWith("61 00 72 00");
  }

  @ParameterizedTest
  @CsvSource({
    // FAT12, FAT16, FAT32: six entries, then nothing
    "FAT12, f8 ff ff 03 f0 ff 05 f0 ff 00 00 00",
    "FAT16, f8 ff ff ff 03 00 ff ff 05 00 ff ff 00 00",
    "FAT32, f8 ff ff 0f ff ff ff 0f 03 00 00 00 ff ff ff 0f 05 00 00 00 ff ff ff 0f 00 00 00 00",
  })
  void allocationTable(FatType type, String expected) throws Exception {
    Geometry geometry = new Geometry(type, 512, 1, 1, 2, 8, 512, 300);
    AllocationTable table = new AllocationTable(geometry, new long[] {4, 6});
    byte[] bytes = table.toByteArray();
    assertThat(hex(bytes, 0, expected.length() / 3 + 1)).isEqualTo(expected);
    assertThat(Arrays.copyOfRange(bytes, 32, bytes.length)).containsOnly(0);
  }

  @ParameterizedTest
  @CsvSource({
    "GRUB.CFG, 'GRUB    CFG', ''",
    "grub.cfg, 'GRUB    CFG', grub.cfg",
    "BOOTX64.EFI, 'BOOTX64 EFI', ''",
    "EFI, 'EFI        ', ''",
    "vmlinuz, 'VMLINUZ    ', vmlinuz",
    "squashfs.img, 'SQUASHFSIMG', squashfs.img",
    "initrd.img-6.12, 'INITRD~112 ', initrd.img-6.12",
    ".hidden, 'HIDDEN~1   ', .hidden",
    "a b, 'AB~1       ', a b",
    "a+b.c, 'A_B~1   C  ', a+b.c",
    "a.b.c, 'AB~1    C  ', a.b.c",
    "größe, 'GR__E~1    ', größe",
    "日本語.txt, '___~1   TXT', 日本語.txt",
  })
  void shortNames(String name, String shortName, String longName) {
    EntryName entryName = ShortNames.of(List.of(name)).getFirst();
    assertThat(entryName.shortName().bytes()).hasToString(shortName);
    assertThat(entryName.longName()).isEqualTo(longName);
  }

  @Test
  void shortNamesGiveWayToNamesThatAreShort() {
    assertThat(
            ShortNames.of(
                    List.of("long name.txt", "LONGNA~1.TXT", "longna~2.txt", "long named.txt"))
                .stream()
                .map(name -> name.shortName().toString()))
        .containsExactly("LONGNA~3.TXT", "LONGNA~1.TXT", "LONGNA~2.TXT", "LONGNA~4.TXT");
  }

  @Test
  void shortNamesStayUniqueInLargeDirectories() {
    var names = IntStream.range(0, 20_000).mapToObj("a long name %05d"::formatted).toList();
    var shortNames = ShortNames.of(names).stream().map(EntryName::shortName).distinct().toList();
    assertThat(shortNames).hasSize(20_000);
    assertThat(shortNames.get(999)).hasToString("ALO~1000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "TWELVE CHARS", "lower", "A.B", " A", "A ", "A\n", "Ä"})
  void labelsRefused(String label) {
    assertThatThrownBy(() -> VolumeLabel.of(label))
        .isInstanceOfSatisfying(
            FatException.class,
            e -> assertThat(e.problem()).isInstanceOf(FatException.LabelNotRepresentable.class))
        .hasMessageNotContaining("\n");
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

  private static String hex(byte[] bytes, int begin, int end) {
    return HEX.formatHex(bytes, begin, end);
  }
}
