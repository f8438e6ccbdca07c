package io.github.container2boot.tar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.tar.TarBuilder.Entry;
import io.github.container2boot.tree.ExtendedAttributes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TarReaderTest {
  private static final byte[] CAPABILITY = {
    1, 0, 0, 2, (byte) 0x80, 0x30, '\n', (byte) 0xff, 0, 0, 0, 0, '=', 0, 0, 0, 0, 0, 0, 0
  };

  @Test
  void readsEveryType() throws IOException {
    byte[] archive =
        new TarBuilder()
            .directory("etc/")
            .directory("usr")
            .add(Entry.file("etc/hostname", "machine").mode(0_4755).owner(1000, 100))
            .symlink("lib", "usr/lib")
            .hardLink("etc/name", "etc/hostname")
            .characterDevice("dev/null", 1, 3)
            .blockDevice("dev/sda", 8, 0)
            .fifo("run/initctl")
            .build();

    List<Archived> entries = Archived.list(archive);

    assertThat(entries)
        .extracting(entry -> entry.entry().type())
        .containsExactly(
            TarEntry.Type.DIRECTORY,
            TarEntry.Type.DIRECTORY,
            TarEntry.Type.FILE,
            TarEntry.Type.SYMBOLIC_LINK,
            TarEntry.Type.HARD_LINK,
            TarEntry.Type.CHARACTER_DEVICE,
            TarEntry.Type.BLOCK_DEVICE,
            TarEntry.Type.FIFO);
    TarEntry file = entries.get(2).entry();
    assertThat(file.attributes().permissions()).isEqualTo(0_4755);
    assertThat(file.attributes().userId()).isEqualTo(1000);
    assertThat(file.attributes().groupId()).isEqualTo(100);
    assertThat(file.attributes().modified()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(file.dataOffsetBytes()).isEqualTo(3 * 512);
    assertThat(entries.get(2).text()).isEqualTo("machine");
    assertThat(entries.get(3).entry().linkTarget()).hasToString("usr/lib");
    assertThat(entries.get(4).entry().linkTarget()).hasToString("etc/hostname");
    assertThat(entries.get(5).entry().deviceMajor()).isEqualTo(1);
    assertThat(entries.get(5).entry().deviceMinor()).isEqualTo(3);
  }

  @Test
  void keepsBinaryAttributesByteByByte() throws IOException {
    byte[] archive =
        new TarBuilder()
            .add(Entry.file("bin/ping", "x").xattr("security.capability", CAPABILITY))
            .build();

    ExtendedAttributes xattrs = Archived.list(archive).getFirst().entry().attributes().xattrs();

    assertThat(xattrs.get(ByteString.utf8("security.capability")))
        .isEqualTo(ByteString.of(CAPABILITY));
  }

  private static TarEntry only(Entry entry) throws IOException {
    return archived(entry).entry();
  }

  private static Archived archived(Entry entry) throws IOException {
    List<Archived> entries = Archived.list(new TarBuilder().add(entry).file("after", "x").build());
    assertThat(entries).hasSize(2);
    assertThat(entries.get(1).path()).isEqualTo("after");
    assertThat(entries.get(1).text()).isEqualTo("x");
    return entries.getFirst();
  }

  private static ByteString xattr(TarEntry entry, String name) {
    return entry.attributes().xattrs().get(ByteString.utf8(name));
  }

  @Test
  void readsLongNamesOfEveryDialect() throws IOException {
    String longPath = "d/".repeat(140) + "file";
    String longTarget = "t/".repeat(140) + "target";

    for (Entry entry :
        List.of(
            Entry.symlink(longPath, longTarget),
            Entry.symlink(longPath, longTarget).gnu(),
            Entry.symlink("short", "short").pax("path", longPath).pax("linkpath", longTarget))) {
      assertThat(only(entry).path()).hasToString(longPath);
      assertThat(only(entry).linkTarget()).hasToString(longTarget);
    }
  }

  @Test
  void putsThePrefixInFrontOfTheName() throws IOException {
    assertThat(only(Entry.file("name", "").field(345, "some/prefix")).path())
        .hasToString("some/prefix/name");
  }

  @Test
  void ignoresWhatGnuKeepsInThePlaceOfThePrefix() throws IOException {
    assertThat(only(Entry.file("name", "").gnu().field(345, "15112335735")).path())
        .hasToString("name");
  }

  @Test
  void readsTheShorterPrefixOfStar() throws IOException {
    Entry star =
        Entry.file("name", "").field(345, "prefix").field(476, "15112335735").field(508, "tar\0");

    assertThat(only(star).path()).hasToString("prefix/name");
  }

  @Test
  void keepsNamesThatAreNotText() throws IOException {
    byte[] name = {'a', (byte) 0xff, (byte) 0xfe, '\n', 'b'};

    assertThat(only(Entry.file(name, new byte[0])).path()).isEqualTo(ByteString.of(name));
  }

  @Test
  void takesNamesThatFillTheirField() throws IOException {
    String name = "n".repeat(100);

    assertThat(only(Entry.symlink(name, name)).path()).hasToString(name);
    assertThat(only(Entry.symlink(name, name)).linkTarget()).hasToString(name);
  }

  @Test
  void readsNumbersBeyondOctal() throws IOException {
    for (Entry entry : List.of(Entry.file("x", ""), Entry.file("x", "").gnu())) {
      TarEntry read = only(entry.owner(4_294_967_295L, 3_000_000_000L));
      assertThat(read.attributes().userId()).isEqualTo(4_294_967_295L);
      assertThat(read.attributes().groupId()).isEqualTo(3_000_000_000L);
    }
  }

  @Test
  void readsBase256OfBothSigns() throws IOException {
    Instant before1970 = Instant.parse("1901-01-01T00:00:00Z");
    Instant after2514 = Instant.parse("2600-01-01T00:00:00Z");

    assertThat(only(Entry.file("x", "data").base256().modified(before1970)).attributes().modified())
        .isEqualTo(before1970);
    assertThat(only(Entry.file("x", "data").gnu().modified(after2514)).attributes().modified())
        .isEqualTo(after2514);
  }

  @ParameterizedTest
  @CsvSource({
    "1700000000.123456789, 2023-11-14T22:13:20.123456789Z",
    "1700000000.5,         2023-11-14T22:13:20.5Z",
    "1700000000.,          2023-11-14T22:13:20Z",
    "-1.5,                 1969-12-31T23:59:58.5Z",
    "-0.000000001,         1969-12-31T23:59:59.999999999Z",
    "-0.0000000001,        1969-12-31T23:59:59.999999999Z",
    "0.9999999999999,      1970-01-01T00:00:00.999999999Z",
    "-0,                   1970-01-01T00:00:00Z"
  })
  void readsTimesToTheNanosecond(String text, Instant expected) throws IOException {
    assertThat(only(Entry.file("x", "").pax("mtime", text)).attributes().modified())
        .isEqualTo(expected);
  }

  @Test
  void believesThePlainAttributeRatherThanLibarchives() throws IOException {
    TarEntry entry =
        only(
            Entry.file("x", "")
                .libarchiveXattr("user.a%25%3Db", CAPABILITY)
                .xattr("user.both", "plain")
                .libarchiveXattr("user.both", "encoded".getBytes(UTF_8)));

    assertThat(xattr(entry, "user.a%=b")).isEqualTo(ByteString.of(CAPABILITY));
    assertThat(xattr(entry, "user.both")).hasToString("plain");
  }

  @Test
  void endsTheSelinuxContextInANul() throws IOException {
    TarEntry entry = only(Entry.file("x", "").pax("RHT.security.selinux", "u:r:t:s0"));

    assertThat(xattr(entry, "security.selinux")).isEqualTo(ByteString.utf8("u:r:t:s0\0"));
  }

  @Test
  void readsAccessControlListsInText() throws IOException {
    String access = "user::rwx,user:lisa:r-x:502,group::r-x\ngroup:4:r--\nmask::r-x\nother::---\n";
    TarEntry entry =
        only(
            Entry.file("x", "")
                .pax("SCHILY.acl.access", access)
                .pax(
                    "SCHILY.acl.default",
                    "user::rwx,user:nobody:rwx,group::r-x,mask::rwx,other:r--"));

    assertThat(xattr(entry, "system.posix_acl_access").toByteArray())
        .inHexadecimal()
        .isEqualTo(
            HexFormat.of()
                .parseHex(
                    "02000000"
                        + "01000700ffffffff"
                        + "02000500f6010000"
                        + "04000500ffffffff"
                        + "0800040004000000"
                        + "10000500ffffffff"
                        + "20000000ffffffff"));
    assertThat(xattr(entry, "system.posix_acl_default").size()).isEqualTo(4 + 5 * 8);
  }

  @Test
  void leavesOutAccessControlListsThatSayWhatTheModeSays() throws IOException {
    TarEntry entry =
        only(Entry.file("x", "").pax("SCHILY.acl.access", "user::rw-,group::r--,other::r--"));

    assertThat(entry.attributes().xattrs().isEmpty()).isTrue();
  }

  @Test
  void appliesGlobalHeadersUntilSomethingSaysOtherwise() throws IOException {
    byte[] archive =
        new TarBuilder()
            .global("uid", "7", "SCHILY.xattr.user.global", "yes", "comment", "ignored")
            .file("a", "")
            .add(Entry.file("b", "").pax("uid", "8").xattr("user.own", "too"))
            .add(Entry.file("c", "").owner(9, 0).pax("uid", ""))
            .global("uid", "")
            .add(Entry.file("d", "").owner(10, 0))
            .build();

    List<Archived> entries = Archived.list(archive);

    assertThat(entries)
        .extracting(entry -> entry.entry().attributes().userId())
        .containsExactly(7L, 8L, 9L, 10L);
    assertThat(xattr(entries.get(1).entry(), "user.global")).hasToString("yes");
    assertThat(xattr(entries.get(1).entry(), "user.own")).hasToString("too");
  }

  @Test
  void readsTheSizeOfAnExtendedHeader() throws IOException {
    Entry entry = Entry.file("x", "12345").size(0).pax("size", "5");

    assertThat(archived(entry).text()).isEqualTo("12345");
  }

  @Test
  void takesPaddingInsideAnExtendedHeader() throws IOException {
    Entry entry = Entry.file("x", "").pax("uid", "5").paxRaw(new byte[100]);

    assertThat(only(entry).attributes().userId()).isEqualTo(5);
  }

  @Test
  void mergesExtendedHeadersInARow() throws IOException {
    byte[] first = TarBuilder.record("uid", "5".getBytes(UTF_8));
    byte[] second = TarBuilder.record("gid", "6".getBytes(UTF_8));
    byte[] archive =
        new TarBuilder()
            .add(new Entry("PaxHeaders", 'x').data(first))
            .add(new Entry("PaxHeaders", 'X').data(second))
            .file("x", "")
            .build();

    TarEntry entry = Archived.list(archive).getFirst().entry();

    assertThat(entry.attributes().userId()).isEqualTo(5);
    assertThat(entry.attributes().groupId()).isEqualTo(6);
  }

  @Test
  void readsOldHeaders() throws IOException {
    byte[] archive =
        new TarBuilder()
            .add(Entry.file("dir/", "").typeFlag('\0').seventhEdition())
            .add(Entry.file("dir/file", "x").typeFlag('\0').seventhEdition())
            .add(Entry.file("contiguous", "y").typeFlag('7'))
            .build();

    assertThat(Archived.list(archive))
        .extracting(entry -> entry.entry().type())
        .containsExactly(TarEntry.Type.DIRECTORY, TarEntry.Type.FILE, TarEntry.Type.FILE);
  }

  @Test
  void takesChecksumsOverSignedBytes() throws IOException {
    byte[] name = {(byte) 0xc3, (byte) 0xa4};

    assertThat(only(Entry.file(name, new byte[0]).signedChecksum()).path())
        .isEqualTo(ByteString.of(name));
  }

  @Test
  void takesNumbersWithSpacesAroundThem() throws IOException {
    assertThat(only(Entry.file("x", "").field(108, "   17 \0 ")).attributes().userId())
        .isEqualTo(15);
    assertThat(only(Entry.file("x", "").field(108, "\0\0\0\0\0\0\0\0")).attributes().userId())
        .isZero();
    assertThat(only(Entry.file("x", "").field(108, "77777777")).attributes().userId())
        .isEqualTo(0_77777777);
  }

  @Test
  void dropsTheFileTypeFromTheMode() throws IOException {
    assertThat(only(Entry.file("x", "").field(100, "0104755\0")).attributes().permissions())
        .isEqualTo(0_4755);
  }

  @Test
  void doesNotReadNumbersThatAnExtendedHeaderReplaces() throws IOException {
    Entry entry = Entry.file("x", "").field(108, "********").pax("uid", "5");

    assertThat(only(entry).attributes().userId()).isEqualTo(5);
  }

  @Test
  void skipsVolumeNames() throws IOException {
    byte[] archive = new TarBuilder().add(new Entry("label", 'V')).file("x", "").build();

    assertThat(Archived.list(archive)).extracting(Archived::path).containsExactly("x");
  }

  @Test
  void linksAndDirectoriesHaveNoDataWhateverTheySay() throws IOException {
    byte[] archive =
        new TarBuilder()
            .add(Entry.symlink("link", "target").size(6))
            .add(Entry.directory("dir").size(4096))
            .add(Entry.hardLink("hard", "file").size(100_000))
            .file("file", "x")
            .add(Entry.hardLink("last", "file").size(100_000))
            .build();

    assertThat(Archived.list(archive))
        .extracting(Archived::path)
        .containsExactly("link", "dir", "hard", "file", "last");
  }

  @Test
  void skipsWhatDirectoriesBringAlong() throws IOException {
    assertThat(archived(Entry.file("dir/", "listing").typeFlag('D')).data()).isEmpty();
    assertThat(archived(Entry.file("dir/", "data")).data()).isEmpty();
  }

  @Test
  void hardLinksMayHaveData() throws IOException {
    Archived link = archived(Entry.hardLink("hard", "file").data("data".getBytes(UTF_8)));
    Archived zeros = archived(Entry.hardLink("hard", "file").data(new byte[5000]));

    assertThat(link.entry().type()).isEqualTo(TarEntry.Type.HARD_LINK);
    assertThat(link.text()).isEqualTo("data");
    assertThat(zeros.data()).hasSize(5000);
  }

  @Test
  void endsWithTwoZeroBlocksAndReadsTheRestOfTheInput() throws IOException {
    byte[] archive = new TarBuilder().file("x", "").raw(new byte[1024]).file("y", "").build();
    InputStream input = new ByteArrayInputStream(archive);

    assertThat(Archived.list(input)).extracting(Archived::path).containsExactly("x");
    assertThat(input.read()).isEqualTo(-1);
  }

  @Test
  void endsWhereTheInputEndsBetweenEntries() throws IOException {
    TarBuilder archive = new TarBuilder().file("x", "1");

    assertThat(Archived.list(archive.unfinished())).hasSize(1);
    assertThat(Archived.list(archive.raw(new byte[512]).unfinished())).hasSize(1);
    assertThat(Archived.list(new byte[0])).isEmpty();
    assertThat(Archived.list(new byte[1024])).isEmpty();
  }

  @Test
  void readsFilesBeyondEightGibibytes() throws IOException {
    long size = 9L << 30;
    byte[] header = Entry.file("large", "").gnu().size(size).toByteArray();
    byte[] after = new TarBuilder().file("after", "x").build();
    Content archive =
        Content.concatenation(List.of(Content.of(header), Content.hole(size), Content.of(after)));

    try (TarReader reader = new TarReader(archive.asInputStream())) {
      assertThat(reader.next().sizeBytes()).isEqualTo(size);
      TarEntry entry = reader.next();
      assertThat(entry.path()).hasToString("after");
      assertThat(entry.dataOffsetBytes()).isEqualTo(size + 1024);
    }
  }

  @Test
  void handsOutDataInLargePieces() throws IOException {
    byte[] data = new byte[3_000_000];
    new Random(1).nextBytes(data);
    byte[] archive = new TarBuilder().file("large", data).file("after", "x").build();
    List<Integer> pieces = new ArrayList<>();
    ByteBuffer read = ByteBuffer.allocate(data.length);

    try (TarReader reader = new TarReader(new ByteArrayInputStream(archive))) {
      reader.next();
      reader.transferTo(
          new Content.Sink() {
            @Override
            public void data(ByteBuffer bytes) {
              pieces.add(bytes.remaining());
              read.put(bytes);
            }

            @Override
            public void hole(long countBytes) {
              throw new AssertionError("no hole expected");
            }
          });
      assertThat(reader.next().path()).hasToString("after");
    }

    assertThat(read.array()).isEqualTo(data);
    assertThat(pieces).hasSizeLessThan(20);
  }

  static Stream<Arguments> sparseFiles() {
    byte[] data = "0123456789".getBytes(UTF_8);
    byte[] map10 = Arrays.copyOf("2\n10\n4\n1000\n6\n".getBytes(UTF_8), 512);
    return Stream.of(
        arguments(
            "old GNU",
            Entry.file("x", data)
                .typeFlag('S')
                .gnu()
                .field(386, "00000000012\0" + "00000000004\0" + "00000001750\0" + "00000000006\0")
                .field(483, "00000003720\0")),
        arguments(
            "0.0",
            Entry.file("x", data)
                .pax("GNU.sparse.size", "2000")
                .pax("GNU.sparse.numblocks", "2")
                .pax("GNU.sparse.offset", "10")
                .pax("GNU.sparse.numbytes", "4")
                .pax("GNU.sparse.offset", "1000")
                .pax("GNU.sparse.numbytes", "6")),
        arguments(
            "0.1",
            Entry.file("GNUSparseFile.0/x", data)
                .pax("GNU.sparse.name", "x")
                .pax("GNU.sparse.size", "2000")
                .pax("GNU.sparse.numblocks", "2")
                .pax("GNU.sparse.map", "10,4,1000,6")),
        arguments(
            "1.0",
            Entry.file("GNUSparseFile.0/x", concatenated(map10, data))
                .pax("GNU.sparse.major", "1")
                .pax("GNU.sparse.minor", "0")
                .pax("GNU.sparse.name", "x")
                .pax("GNU.sparse.realsize", "2000")));
  }

  private static byte[] concatenated(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sparseFiles")
  void readsSparseFiles(String version, Entry entry) throws IOException {
    byte[] expected = new byte[2000];
    System.arraycopy("0123".getBytes(UTF_8), 0, expected, 10, 4);
    System.arraycopy("456789".getBytes(UTF_8), 0, expected, 1000, 6);

    Archived file = archived(entry);

    assertThat(file.path()).isEqualTo("x");
    assertThat(file.entry().sizeBytes()).isEqualTo(2000);
    assertThat(file.entry().sparse()).isTrue();
    assertThat(file.holeBytes()).isEqualTo(1990);
    assertThat(file.data()).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sparseFiles")
  void skipsSparseFiles(String version, Entry entry) throws IOException {
    byte[] archive = new TarBuilder().add(entry).file("after", "").build();

    try (TarReader reader = new TarReader(new ByteArrayInputStream(archive))) {
      reader.next();
      assertThat(reader.next().path()).hasToString("after");
    }
  }

  @Test
  void readsSparseMapsThatGoOnInExtensionBlocks() throws IOException {
    byte[] extension = new byte[512];
    StringBuilder first = new StringBuilder();
    for (int segment = 0; segment < 4; segment++) {
      first.append("%011o\0%011o\0".formatted(segment * 1000, 1));
    }
    byte[] fifth = "%011o\0%011o\0".formatted(5000, 1).getBytes(UTF_8);
    System.arraycopy(fifth, 0, extension, 0, fifth.length);
    Entry header =
        new Entry("x", 'S')
            .gnu()
            .size(5)
            .field(386, first.toString())
            .field(482, "\1")
            .field(483, "%011o\0".formatted(6000));
    byte[] archive =
        new TarBuilder()
            .add(header)
            .raw(extension)
            .raw(Arrays.copyOf("abcde".getBytes(UTF_8), 512))
            .file("after", "")
            .build();

    List<Archived> entries = Archived.list(archive);

    assertThat(entries).extracting(Archived::path).containsExactly("x", "after");
    assertThat(entries.getFirst().data()).hasSize(6000);
    assertThat(entries.getFirst().data()[5000]).isEqualTo((byte) 'e');
  }
}
