package io.github.container2boot.tar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tar.TarBuilder.Entry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Archives that nobody should have written, or that arrived damaged.
class TarReaderMalformedTest {
  static Stream<Arguments> malformedEntries() {
    return Stream.of(
        arguments("checksum is 0", Entry.file("x", "").field(148, "000000\0 ")),
        arguments("field size: expected a number", Entry.file("x", "").field(124, "00000000abc\0")),
        arguments(
            "field size is negative",
            Entry.file("x", "").field(124, "\377\377\377\377\377\377\377\377\377\377\377\377")),
        arguments(
            "field size: expected a number",
            Entry.file("x", "").field(124, "\277\377\377\377\377\377\377\377\377\377\377\377")),
        arguments("uid -1", Entry.file("x", "").field(108, "\377\377\377\377\377\377\377\377")),
        arguments("uid 4294967296", Entry.file("x", "").pax("uid", "4294967296")),
        arguments("uid: expected a number", Entry.file("x", "").pax("uid", "-1")),
        arguments("uid: expected a number", Entry.file("x", "").pax("uid", "99999999999999999999")),
        arguments("mtime: expected a number", Entry.file("x", "").pax("mtime", "1.5e3")),
        arguments("mtime: expected a number", Entry.file("x", "").pax("mtime", "-")),
        arguments(
            "mtime: expected a number", Entry.file("x", "").pax("mtime", "9223372036854775807")),
        arguments("devmajor 4294967296", new Entry("x", '3').pax("SCHILY.devmajor", "4294967296")),
        arguments("holds a NUL", Entry.file("x", "").pax("path", "a\0b")),
        arguments("holds a NUL", Entry.symlink("x", "").pax("linkpath", "a\0b")),
        arguments("of type \"Q\"", new Entry("x", 'Q')),
        arguments("of type \"M\"", new Entry("x", 'M')),
        arguments("expected base64", Entry.file("x", "").pax("LIBARCHIVE.xattr.user.a", "*")),
        arguments("access control list", Entry.file("x", "").pax("SCHILY.acl.access", "user::rwz")),
        arguments("access control list", Entry.file("x", "").pax("SCHILY.acl.access", "x:y:rwx")),
        arguments("access control list", Entry.file("x", "").pax("SCHILY.acl.access", "user")),
        arguments("expected %XX", Entry.file("x", "").pax("LIBARCHIVE.xattr.user.%4", "")),
        arguments("extended attribute", Entry.file("x", "").xattr("", "nameless")),
        arguments("extended attribute", Entry.file("x", "").xattr("user." + "a".repeat(251), "")),
        arguments("extended attribute", Entry.file("x", "").xattr("user.a", new byte[65537])),
        arguments("expected at most", Entry.file("x", "").pax("comment", "c".repeat(1 << 22))),
        arguments("a length, a space", Entry.file("x", "").paxRaw("uid=5\n".getBytes(UTF_8))),
        arguments("a length, a space", Entry.file("x", "").paxRaw("0 uid=5\n".getBytes(UTF_8))),
        arguments("a length, a space", Entry.file("x", "").paxRaw("99 uid=5\n".getBytes(UTF_8))),
        arguments(
            "a length, a space",
            Entry.file("x", "").paxRaw("99999999999999999999 uid=5\n".getBytes(UTF_8))),
        arguments("a newline at its end", Entry.file("x", "").paxRaw("8 uid=55\n".getBytes(UTF_8))),
        arguments("KEYWORD=VALUE", Entry.file("x", "").paxRaw("6 uid\n".getBytes(UTF_8))),
        arguments("KEYWORD=VALUE", Entry.file("x", "").paxRaw("6 =ab\n".getBytes(UTF_8))),
        arguments("expected 2 segments, found 1", sparse("10", "2").pax("GNU.sparse.map", "0,4")),
        arguments("in a file of 3", sparse("3", "1").pax("GNU.sparse.map", "0,4")),
        arguments("after one that ends at 2", sparse("10", "2").pax("GNU.sparse.map", "0,2,1,2")),
        arguments(
            "5 bytes in segments, 4 bytes stored", sparse("10", "1").pax("GNU.sparse.map", "0,5")),
        arguments(
            "in a file of 10", sparse("10", "1").pax("GNU.sparse.map", "9223372036854775000,4")),
        arguments(
            "GNU.sparse.map: expected a number", sparse("10", "1").pax("GNU.sparse.map", "0")),
        arguments(
            "GNU.sparse.map: expected a number", sparse("10", "1").pax("GNU.sparse.map", "0,,1")),
        arguments(
            "expected GNU.sparse.offset", Entry.file("x", "").pax("GNU.sparse.numbytes", "1")),
        arguments("without its size", Entry.file("x", "data").pax("GNU.sparse.map", "0,4")),
        arguments(
            "version 2.0",
            sparse("10", "1").pax("GNU.sparse.major", "2").pax("GNU.sparse.minor", "0")),
        arguments("expected a decimal number", sparse("10", "1").pax("GNU.sparse.major", "1")),
        arguments("expected a decimal number", sparse10("99999999999999999999999\n")),
        arguments("expected a decimal number", sparse10("1\n\n")),
        arguments("expected a decimal number", sparse10("1000000\n" + "1\n".repeat(249))),
        arguments("more of a sparse map", new Entry("x", 'S').gnu().field(482, "\1")));
  }

  private static Entry sparse(String size, String count) {
    return Entry.file("x", "data").pax("GNU.sparse.size", size).pax("GNU.sparse.numblocks", count);
  }

  private static Entry sparse10(String map) {
    return Entry.file("x", Arrays.copyOf(map.getBytes(UTF_8), 512))
        .pax("GNU.sparse.major", "1")
        .pax("GNU.sparse.minor", "0")
        .pax("GNU.sparse.realsize", "1000");
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("malformedEntries")
  void refusesEntries(String message, Entry entry) {
    byte[] archive = new TarBuilder().file("before", "x").add(entry).unfinished();

    assertThatThrownBy(() -> Archived.list(archive))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void saysWhereInTheArchiveTheProblemIs() {
    byte[] archive =
        new TarBuilder().file("before", "x").add(Entry.file("x", "").field(124, "junk")).build();

    assertThatThrownBy(() -> Archived.list(archive))
        .isInstanceOfSatisfying(
            FormatException.class,
            problem -> assertThat(problem.offsetBytes()).isEqualTo(1024 + 124));
  }

  @Test
  void refusesALoneZeroBlockInTheMiddle() {
    byte[] archive = new TarBuilder().file("a", "").raw(new byte[512]).file("b", "").build();

    assertThatThrownBy(() -> Archived.list(archive)).hasMessageContaining("second zero block");
  }

  @Test
  void refusesAnExtendedHeaderThatBelongsToNothing() {
    byte[] archive = new TarBuilder().add(new Entry("PaxHeaders", 'x')).build();

    assertThatThrownBy(() -> Archived.list(archive)).hasMessageContaining("expected an entry");
  }

  @Test
  void refusesWhatIsNoArchive() {
    assertThatThrownBy(() -> Archived.list("no archive".repeat(100).getBytes(UTF_8)))
        .isInstanceOf(FormatException.class);
    assertThat(TarReader.isArchive("no archive".repeat(100).getBytes(UTF_8))).isFalse();
    assertThat(TarReader.isArchive(new byte[1024])).isFalse();
    assertThat(TarReader.isArchive(new TarBuilder().file("x", "").build())).isTrue();
  }

  @Test
  void refusesArchivesCutOffAnywhereInsideAnEntry() {
    byte[] archive =
        new TarBuilder().add(Entry.file("x", new byte[600]).pax("uid", "5")).unfinished();

    for (int size = 1; size < archive.length; size++) {
      byte[] cut = Arrays.copyOf(archive, size);
      assertThatThrownBy(() -> Archived.list(cut))
          .as("%d bytes", size)
          .isInstanceOf(FormatException.class);
    }
  }

  @Test
  void noticesThatSkippedDataIsNotThere() {
    byte[] header = Entry.file("x", "").gnu().size(1L << 40).toByteArray();

    assertThatThrownBy(
            () -> {
              try (TarReader reader = new TarReader(new ByteArrayInputStream(header))) {
                reader.next();
                reader.next();
              }
            })
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("ends too soon");
  }

  /// A million records, a million headers, one enormous claim: all end quickly and in little
  /// memory.
  @Test
  void boundsExtendedHeaders() {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (int index = 0; index < 1_000_000; index++) {
      records.writeBytes(TarBuilder.record("SCHILY.xattr.user." + index, new byte[1]));
    }
    byte[] million = new TarBuilder().add(new Entry("p", 'x').data(records.toByteArray())).build();
    byte[] many = new Entry("p", 'x').data("6 a=b\n".getBytes(UTF_8)).toByteArray();
    byte[] global = new TarBuilder().global("comment", "c").unfinished();
    byte[] claim = new Entry("p", 'x').gnu().size(1L << 50).toByteArray();
    byte[] name = new Entry("p", 'L').gnu().size(1L << 50).toByteArray();

    assertRefusedQuickly(new ByteArrayInputStream(million));
    assertRefusedQuickly(repeated(many));
    assertRefusedQuickly(repeated(global));
    assertRefusedQuickly(new ByteArrayInputStream(claim));
    assertRefusedQuickly(new ByteArrayInputStream(name));
  }

  @Test
  void boundsSparseMaps() {
    byte[] map = ("1000000000\n" + "0\n".repeat(3_000_000)).getBytes(UTF_8);
    byte[] archive =
        new TarBuilder()
            .add(
                Entry.file("x", map)
                    .pax("GNU.sparse.major", "1")
                    .pax("GNU.sparse.minor", "0")
                    .pax("GNU.sparse.realsize", "1000"))
            .build();
    byte[] endless = new byte[512];
    Arrays.fill(endless, 0, 504, (byte) '0');
    endless[504] = 1;
    byte[] header =
        new Entry("x", 'S').gnu().field(386, "0".repeat(96)).field(482, "\1").toByteArray();

    assertRefusedQuickly(new ByteArrayInputStream(archive));
    assertRefusedQuickly(
        new SequenceInputStream(new ByteArrayInputStream(header), repeated(endless)));
  }

  private static void assertRefusedQuickly(InputStream archive) {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> assertThatThrownBy(() -> Archived.list(archive)).isInstanceOf(FormatException.class));
  }

  /// `block` for ever.
  private static InputStream repeated(byte[] block) {
    return new InputStream() {
      private int position;

      @Override
      public int read() {
        int value = Byte.toUnsignedInt(block[position]);
        position = (position + 1) % block.length;
        return value;
      }
    };
  }

  /// Whatever bits are turned over: an archive, or a FormatException.
  @Test
  void survivesCorruption() throws IOException {
    byte[] archive =
        new TarBuilder()
            .global("uid", "5")
            .add(
                Entry.file("a".repeat(150), "data")
                    .xattr("user.a", "b")
                    .modified("1960-01-01T00:00:00.5Z"))
            .add(Entry.symlink("b".repeat(150), "target".repeat(30)).gnu())
            .add(sparse("10", "1").pax("GNU.sparse.map", "3,4"))
            .add(sparse10("1\n0\n0\n"))
            .hardLink("c", "d")
            .build();
    Random random = new Random(20261122);
    for (int round = 0; round < 3000; round++) {
      byte[] damaged = archive.clone();
      int at = 512 * random.nextInt(damaged.length / 512);
      for (int change = 0; change <= random.nextInt(4); change++) {
        damaged[at + random.nextInt(512)] ^= (byte) (1 << random.nextInt(8));
      }
      fixChecksum(damaged, at);
      assertArchiveOrFormatException(damaged);
    }
  }

  private static void fixChecksum(byte[] archive, int at) {
    int sum = 8 * ' ';
    for (int index = 0; index < 512; index++) {
      sum += index >= 148 && index < 156 ? 0 : Byte.toUnsignedInt(archive[at + index]);
    }
    byte[] checksum = "%06o\0 ".formatted(sum).getBytes(UTF_8);
    System.arraycopy(checksum, 0, archive, at + 148, 8);
  }

  static void assertArchiveOrFormatException(byte[] archive) throws IOException {
    try (TarReader reader = new TarReader(new ByteArrayInputStream(archive))) {
      long before = -1;
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        assertThat(entry.headerOffsetBytes()).isGreaterThan(before);
        before = entry.headerOffsetBytes();
        assertThat(transferred(reader)).isEqualTo(entry.sizeBytes());
        assertThat(entry.linkTarget().indexOf((byte) 0, 0)).isNegative();
        assertThat(entry.path()).isNotEqualTo(ByteString.of((byte) 0));
      }
    } catch (FormatException expected) {
      assertThat(expected.getMessage()).doesNotContain("\n");
    }
  }

  private static long transferred(TarReader reader) throws IOException {
    long[] count = new long[1];
    reader.transferTo(
        new Content.Sink() {
          @Override
          public void data(ByteBuffer bytes) {
            count[0] += bytes.remaining();
          }

          @Override
          public void hole(long countBytes) {
            count[0] += countBytes;
          }
        });
    return count[0];
  }
}
