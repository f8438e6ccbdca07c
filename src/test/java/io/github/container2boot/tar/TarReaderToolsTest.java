package io.github.container2boot.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Archives that GNU tar writes, and what Apache Commons Compress reads in them.
class TarReaderToolsTest {
  @TempDir private Path directory;
  private Path tree;
  private Path archive;

  @BeforeEach
  void makeTree() throws IOException {
    Tools.require("tar");
    archive = directory.resolve("archive.tar");
    tree = Files.createDirectory(directory.resolve("tree"));
    Path etc = Files.createDirectories(tree.resolve("etc"));
    Files.writeString(etc.resolve("hostname"), "machine\n");
    Files.write(etc.resolve("large"), new byte[1_000_000]);
    Files.createLink(tree.resolve("hard"), etc.resolve("hostname"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("etc/hostname"));
    Files.createSymbolicLink(tree.resolve("dangling"), Path.of("/no/where"));
    Files.setPosixFilePermissions(
        etc.resolve("hostname"), PosixFilePermissions.fromString("rwxr-x--x"));
  }

  private void makeLongNames() throws IOException {
    Path deep =
        Files.createDirectories(tree.resolve("directory-".repeat(20)).resolve("a".repeat(120)));
    Files.writeString(deep.resolve("f".repeat(200)), "deep");
    Files.createSymbolicLink(tree.resolve("far"), Path.of("target-".repeat(40)));
  }

  private void tar(String... options) {
    List<Object> command = new ArrayList<>(List.of("tar", "-C", tree, "-cf", archive));
    command.addAll(List.of(options));
    command.add(".");
    Tools.run(command.toArray());
  }

  private List<Archived> read() throws IOException {
    return Archived.list(Files.newInputStream(archive));
  }

  /// The first name of the file with two links, whichever GNU tar met first.
  private static Archived machine(List<Archived> entries) {
    return entries.stream()
        .filter(entry -> entry.text().equals("machine\n"))
        .findFirst()
        .orElseThrow();
  }

  private static Archived named(String path, List<Archived> entries) {
    return entries.stream().filter(entry -> entry.path().equals(path)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v7", "ustar", "oldgnu", "gnu", "posix"})
  void agreesWithCommonsCompress(String format) throws IOException {
    if (format.contains("gnu") || format.equals("posix")) {
      makeLongNames();
    }
    tar("--format=" + format);

    assertSame();
  }

  /// Ids from 2^31 on are beyond Commons Compress.
  @Test
  void agreesAboutTimesAndOwnersBeyondTheirFields() throws IOException {
    Tools.run("touch", "-d", "1969-12-31T23:59:58.25Z", tree.resolve("etc/hostname"));
    tar("--format=posix", "--owner=:2000000000", "--group=:1500000000");
    assertSame();
    assertThat(machine(read()).entry().attributes().modified())
        .isEqualTo(Instant.parse("1969-12-31T23:59:58.25Z"));

    tar("--format=gnu", "--owner=:2000000000", "--group=:1500000000", "--mtime=@-1000000");
    assertSame();
    assertThat(machine(read()).entry().attributes().userId()).isEqualTo(2_000_000_000L);
  }

  private void assertSame() throws IOException {
    List<Archived> ours = read();
    assertThat(ours).hasSizeGreaterThan(5);
    assertDataLiesWhereItIsSaidTo(ours);
    try (TarArchiveInputStream theirs = new TarArchiveInputStream(Files.newInputStream(archive))) {
      for (Archived entry : ours) {
        assertSame(entry, theirs.getNextEntry(), theirs);
      }
      assertThat(theirs.getNextEntry()).isNull();
    }
  }

  private void assertDataLiesWhereItIsSaidTo(List<Archived> entries) throws IOException {
    byte[] whole = Files.readAllBytes(archive);
    for (Archived entry : entries) {
      int offset = (int) entry.entry().dataOffsetBytes();
      assertThat(Arrays.copyOfRange(whole, offset, offset + entry.data().length))
          .isEqualTo(entry.data());
    }
  }

  private static void assertSame(
      Archived ours, TarArchiveEntry theirs, TarArchiveInputStream stream) throws IOException {
    TarEntry entry = ours.entry();
    assertThat(ours.path()).isEqualTo(theirs.getName());
    assertThat(entry.type()).as(ours.path()).isEqualTo(type(theirs));
    assertThat(entry.linkTarget()).hasToString(theirs.getLinkName());
    assertThat(entry.attributes().permissions()).isEqualTo(theirs.getMode() & 0_7777);
    assertThat(entry.attributes().userId()).isEqualTo(theirs.getLongUserId());
    assertThat(entry.attributes().groupId()).isEqualTo(theirs.getLongGroupId());
    assertThat(entry.attributes().modified()).isEqualTo(theirs.getLastModifiedTime().toInstant());
    assertThat(ours.data()).isEqualTo(stream.readAllBytes());
  }

  private static TarEntry.Type type(TarArchiveEntry entry) {
    if (entry.isDirectory()) {
      return TarEntry.Type.DIRECTORY;
    }
    if (entry.isSymbolicLink()) {
      return TarEntry.Type.SYMBOLIC_LINK;
    }
    return entry.isLink() ? TarEntry.Type.HARD_LINK : TarEntry.Type.FILE;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--format=oldgnu",
        "--format=gnu",
        "--format=posix --sparse-version=0.0",
        "--format=posix --sparse-version=0.1",
        "--format=posix --sparse-version=1.0"
      })
  void readsSparseFiles(String options) throws IOException {
    byte[] expected = new byte[40 * 65536 + 100];
    for (int piece = 0; piece < 40; piece++) {
      expected[65536 * piece + 5000] = (byte) ('a' + piece % 26);
    }
    Path file = tree.resolve("etc/sparse");
    Files.write(file, expected);
    Tools.run("fallocate", "--dig-holes", file);
    tar(("-S --hole-detection=raw " + options).split(" "));

    List<Archived> entries = read();

    Archived sparse = named("./etc/sparse", entries);
    assertThat(sparse.entry().sparse()).isTrue();
    assertThat(sparse.entry().sizeBytes()).isEqualTo(expected.length);
    assertThat(sparse.data()).isEqualTo(expected);
    assertThat(sparse.holeBytes()).isGreaterThan(expected.length / 2);
  }

  @Test
  void readsBinaryAttributes() throws IOException {
    byte[] value = new byte[256];
    for (int index = 0; index < value.length; index++) {
      value[index] = (byte) index;
    }
    Path file = tree.resolve("etc/hostname");
    FileStore store = Files.getFileStore(file);
    assumeTrue(
        store.supportsFileAttributeView(UserDefinedFileAttributeView.class),
        "needs a file system with extended attributes");
    Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
        .write("binary", ByteBuffer.wrap(value));
    tar("--format=posix", "--xattrs");

    List<Archived> entries = read();

    assertThat(machine(entries).entry().attributes().xattrs().get(ByteString.utf8("user.binary")))
        .isEqualTo(ByteString.of(value));
  }

  /// Nothing of it fits its field.
  @Test
  void gnuTarReadsWhatOurBuilderWrites() throws IOException {
    TarBuilder builder =
        new TarBuilder()
            .directory("d")
            .add(TarBuilder.Entry.file("d/" + "n".repeat(150), "data").owner(4_000_000_000L, 1))
            .add(TarBuilder.Entry.symlink("gnu", "t".repeat(150)).gnu())
            .hardLink("hard", "d/" + "n".repeat(150));
    Files.write(archive, builder.build());

    String listing = Tools.run("tar", "--numeric-owner", "-tvf", archive);

    assertThat(listing)
        .contains("4000000000/1", "n".repeat(150), "gnu -> " + "t".repeat(150), "hard link to d/");
  }
}
