package io.github.container2boot.cpio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.testing.Tools;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpioReaderTest {
  @TempDir private Path directory;

  private static final CpioHeader HEADER =
      new CpioHeader(false, 1, 0_100_644, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0);

  private static final String HEADER_TEXT =
      "070701"
          + "00000001"
          + "000081a4"
          + "00000002"
          + "00000003"
          + "00000004"
          + "00000005"
          + "00000006"
          + "00000007"
          + "00000008"
          + "00000009"
          + "0000000a"
          + "0000000b"
          + "00000000";

  @Test
  void aHeaderIsTheseBytes() throws Exception {
    ByteWriter writer = ByteWriter.littleEndian(CpioHeader.SIZE);
    HEADER.writeTo(writer);
    assertThat(new String(writer.toByteArray(), ISO_8859_1)).isEqualTo(HEADER_TEXT);
    assertThat(CpioHeader.readFrom(ByteReader.littleEndian(writer.toByteArray())))
        .isEqualTo(HEADER);
    assertThat(HEADER_TEXT).hasSize(CpioHeader.SIZE);
  }

  @Test
  void digitsMayBeUpperCase() throws Exception {
    byte[] text = HEADER_TEXT.toUpperCase().getBytes(ISO_8859_1);
    assertThat(CpioHeader.readFrom(ByteReader.littleEndian(text))).isEqualTo(HEADER);
  }

  @Test
  void entriesComeInOrder() throws Exception {
    byte[] archive =
        CpioBuilder.newc()
            .directory("usr")
            .file("usr/a", "hello".getBytes(UTF_8))
            .symbolicLink("b", "usr/a")
            .entry("tty".getBytes(UTF_8), 0_020_620, 77, 1, new byte[0])
            .trailer()
            .toByteArray();
    try (CpioReader reader = new CpioReader(new ByteArrayInputStream(archive))) {
      CpioEntry usr = reader.next();
      assertThat(usr.type()).isEqualTo(CpioEntry.Type.DIRECTORY);
      assertThat(usr.attributes().permissions()).isEqualTo(0_755);
      assertThat(usr.attributes().modified()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
      CpioEntry file = reader.next();
      assertThat(file.name()).isEqualTo(ByteString.utf8("usr/a"));
      assertThat(file.sizeBytes()).isEqualTo(5);
      assertThat(reader.readData(5)).isEqualTo("hello".getBytes(UTF_8));
      CpioEntry link = reader.next();
      assertThat(link.linkTarget()).isEqualTo(ByteString.utf8("usr/a"));
      CpioEntry device = reader.next();
      assertThat(device.type()).isEqualTo(CpioEntry.Type.CHARACTER_DEVICE);
      assertThat(device.deviceMajor()).isEqualTo(5);
      assertThat(device.deviceMinor()).isEqualTo(2);
      assertThat(device.inode()).isEqualTo(new CpioEntry.InodeNumber(0, 8, 1, 77));
      assertThat(reader.next()).isNull();
      assertThat(reader.next()).isNull();
      assertThat(reader.rest().read()).isNegative();
      assertThat(reader.offsetBytes()).isEqualTo(archive.length);
    }
  }

  @Test
  void dataNeedNotBeReadOrOnlyInPart() throws Exception {
    byte[] archive =
        CpioBuilder.crc()
            .file("a", new byte[100_001])
            .file("b", "abc".getBytes(UTF_8))
            .file("c", "defg".getBytes(UTF_8))
            .trailer()
            .toByteArray();
    try (CpioReader reader = new CpioReader(new ByteArrayInputStream(archive))) {
      reader.next();
      InputStream first = reader.data();
      assertThat(first.read()).isZero();
      reader.next();
      assertThat(first.read()).isNegative();
      assertThat(reader.next().name()).isEqualTo(ByteString.utf8("c"));
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> reader.readData(3))
          .withMessageContaining("expected at most 3 bytes, found 4");
    }
  }

  @Test
  void archivesFollowOneAnotherAndThenTheRest() throws Exception {
    byte[] initrd =
        CpioBuilder.newc()
            .file("kernel/x86/microcode/GenuineIntel.bin", new byte[333])
            .trailer()
            .zeros(400)
            .file("early", new byte[1])
            .trailer()
            .zeros(3)
            .bytes("\037\213compressed".getBytes(ISO_8859_1))
            .toByteArray();
    try (CpioReader reader = new CpioReader(new ByteArrayInputStream(initrd))) {
      assertThat(reader.next().inode().archive()).isZero();
      assertThat(reader.next().inode().archive()).isEqualTo(1);
      assertThat(reader.next()).isNull();
      assertThat(reader.offsetBytes()).isEqualTo(initrd.length - 12);
      InputStream rest = reader.rest();
      rest.mark(13);
      assertThat(rest.read()).isEqualTo(0x1f);
      rest.reset();
      assertThat(rest.readAllBytes()).isEqualTo("\037\213compressed".getBytes(ISO_8859_1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\037\213", "07070", "\0\0\0\0", "something else"})
  void anInputWithoutArchiveHasNoEntries(String text) throws Exception {
    byte[] input = text.getBytes(ISO_8859_1);
    try (CpioReader reader = new CpioReader(new ByteArrayInputStream(input))) {
      assertThat(reader.next()).isNull();
      assertThat(new String(reader.rest().readAllBytes(), ISO_8859_1))
          .isEqualTo(text.replace("\0", ""));
    }
  }

  @Test
  void anArchiveMayBeginAnywhere() throws Exception {
    byte[] archive = CpioBuilder.newc().file("abc", "x".getBytes(UTF_8)).trailer().toByteArray();
    byte[] shifted = new byte[archive.length + 2];
    System.arraycopy(archive, 0, shifted, 2, archive.length);
    assertThat(names(shifted)).containsExactly("abc");
  }

  @Test
  void aNameMayBeFilledUpWithZeros() throws Exception {
    byte[] padded = Arrays.copyOf("name".getBytes(UTF_8), 50);
    byte[] archive =
        CpioBuilder.newc().entry(padded, 0_100_644, 1, 1, new byte[3]).trailer().toByteArray();
    assertThat(names(archive)).containsExactly("name");
  }

  @Test
  void whatIsWrongIsSaid() {
    byte[] end = CpioBuilder.newc().file("a", new byte[8]).toByteArray();
    assertMalformed(end, "cpio archive ends too soon: no TRAILER!!! (at byte 120)");
    assertMalformed(bytes(end, "070707".getBytes(UTF_8), new byte[110]), "old format 070707");
    assertMalformed(bytes(end, new byte[110]), "expected a cpio entry");
    assertMalformed(
        CpioBuilder.newc().entry(new byte[5000], 0_100_644, 1, 1, new byte[0]).toByteArray(),
        "expected 1 to 4096 bytes, found 5001");
    assertMalformed(
        CpioBuilder.newc()
            .entry("a\0b".getBytes(UTF_8), 0_100_644, 1, 1, new byte[0])
            .toByteArray(),
        "does not end where its size says");
    assertMalformed(
        CpioBuilder.newc().entry("a".getBytes(UTF_8), 0_170_644, 1, 1, new byte[0]).toByteArray(),
        "unknown type: mode 0170644");
    assertMalformed(
        CpioBuilder.newc().symbolicLink("a", "b".repeat(4097)).toByteArray(),
        "expected at most 4096 bytes, found 4097");
  }

  @Test
  void aWrongChecksumIsMalformed() {
    byte[] archive = CpioBuilder.crc().file("a", "sum".getBytes(UTF_8)).trailer().toByteArray();
    archive[CpioHeader.SIZE + 2] ^= 1;
    assertMalformed(archive, "checksum is wrong");
  }

  @Test
  void everyTruncationWithinAnArchiveIsMalformed() throws Exception {
    byte[] archive =
        CpioBuilder.newc()
            .file("abc", new byte[9])
            .symbolicLink("d", "abc")
            .trailer()
            .toByteArray();
    int padding = 3;
    for (int size = CpioHeader.MAGIC_SIZE; size < archive.length - padding; size++) {
      byte[] truncated = Arrays.copyOf(archive, size);
      assertThatExceptionOfType(FormatException.class)
          .as("first %d bytes", size)
          .isThrownBy(() -> names(truncated));
    }
  }

  @Test
  void corruptionGivesFormatExceptionsOnly() {
    byte[] archive =
        CpioBuilder.crc()
            .file("abc", "some data".getBytes(UTF_8))
            .symbolicLink("d", "abc")
            .trailer()
            .toByteArray();
    Random random = new Random(5);
    for (int round = 0; round < 3000; round++) {
      byte[] corrupt = archive.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        corrupt[random.nextInt(corrupt.length)] =
            (byte) "0123456789abcdef\0".charAt(random.nextInt(17));
      }
      try {
        names(corrupt);
      } catch (IOException expected) {
        assertThat(expected).isInstanceOf(FormatException.class);
      }
    }
  }

  /// `cpio` lists names; what it read into its archive we know from the file system.
  @ParameterizedTest
  @ValueSource(strings = {"newc", "crc"})
  void whatCpioWritesIsRead(String format) throws Exception {
    Tools.require("cpio");
    Path tree = Files.createDirectories(directory.resolve("tree/usr/lib"));
    Files.write(tree.resolve("large"), new byte[200_003]);
    Files.writeString(tree.resolve("one"), "linked");
    Files.createLink(tree.resolve("two"), tree.resolve("one"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("../one"));
    Files.write(tree.resolve("empty"), new byte[0]);
    Path archive = directory.resolve("archive");
    Tools.run(
        "sh",
        "-c",
        "cd '%s' && find . | LC_ALL=C sort | cpio --quiet -o -H %s > '%s'"
            .formatted(directory.resolve("tree"), format, archive));
    String listed = Tools.run("sh", "-c", "cpio --quiet -t < '%s'".formatted(archive));
    assertThat(names(Files.readAllBytes(archive)))
        .containsExactlyElementsOf(listed.lines().toList());
    requireLinksAndData(archive);
  }

  private static void requireLinksAndData(Path archive) throws IOException {
    List<CpioEntry> entries = new ArrayList<>();
    StringBuilder linkedData = new StringBuilder();
    try (CpioReader reader = new CpioReader(Files.newInputStream(archive))) {
      for (CpioEntry entry; (entry = reader.next()) != null; ) {
        entries.add(entry);
        if (entry.links() == 2 && entry.type() == CpioEntry.Type.FILE) {
          linkedData.append(new String(reader.readData(100), UTF_8));
        }
      }
    }
    assertThat(linkedData).hasToString("linked");
    List<CpioEntry> linked =
        entries.stream()
            .filter(entry -> entry.type() == CpioEntry.Type.FILE && entry.links() == 2)
            .toList();
    assertThat(linked).hasSize(2);
    assertThat(linked.getFirst().inode()).isEqualTo(linked.getLast().inode());
    assertThat(entries)
        .filteredOn(entry -> entry.type() == CpioEntry.Type.SYMBOLIC_LINK)
        .extracting(CpioEntry::linkTarget)
        .containsExactly(ByteString.utf8("../one"));
  }

  @Test
  void cpioReadsWhatTheBuilderWrites() throws Exception {
    Tools.require("cpio");
    Path archive =
        Files.write(
            directory.resolve("built"),
            CpioBuilder.crc()
                .directory("d")
                .file("d/f", "data".getBytes(UTF_8))
                .symbolicLink("s", "d/f")
                .trailer()
                .toByteArray());
    assertThat(Tools.run("sh", "-c", "cpio --quiet -t < '%s'".formatted(archive)).lines())
        .containsExactly("d", "d/f", "s");
    assertThat(Tools.run("sh", "-c", "cpio --quiet -i --only-verify-crc < '%s'".formatted(archive)))
        .isEmpty();
  }

  private static void assertMalformed(byte[] archive, String message) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> names(archive))
        .withMessageContaining(message);
  }

  private static byte[] bytes(byte[]... parts) {
    ByteWriter writer = ByteWriter.littleEndian(100);
    for (byte[] part : parts) {
      writer.bytes(part);
    }
    return writer.toByteArray();
  }

  private static List<String> names(byte[] archive) throws IOException {
    List<ByteString> names = new ArrayList<>();
    try (CpioReader reader = new CpioReader(new ByteArrayInputStream(archive))) {
      for (CpioEntry entry; (entry = reader.next()) != null; ) {
        names.add(entry.name());
      }
    }
    return names.stream().map(ByteString::toString).collect(Collectors.toList());
  }
}
