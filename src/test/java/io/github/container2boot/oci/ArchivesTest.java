package io.github.container2boot.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.source.Opening;
import io.github.container2boot.source.Source;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.tar.TarBuilder.Entry;
import io.github.container2boot.testing.Layers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files told by their content, from a file and through a pipe, compressed and not.
class ArchivesTest {
  private static final byte[] ROOT =
      new TarBuilder()
          .directory("./")
          .directory("./etc")
          .file("./etc/os-release", "ID=debian\n")
          .file("./manifest.json", "[]")
          .build();
  private static final byte[] LAYER = new TarBuilder().file("a", "b").build();

  @TempDir private Path directory;

  private Image open(byte[] file) throws IOException {
    return open("", file);
  }

  private Image open(String transport, byte[] file) throws IOException {
    Path path = Files.createTempFile(directory, "archive", "");
    Files.write(path, file);
    return Source.parse(transport + path, Fixtures.noInput())
        .open(Opening.ofFiles(Optional.empty(), directory));
  }

  private Image openPiped(byte[] bytes) throws IOException {
    return Source.parse("-", new ByteArrayInputStream(bytes))
        .open(Opening.ofFiles(Optional.empty(), directory));
  }

  private void assertRoot(Image image) throws IOException {
    try (image) {
      assertThat(image.digest()).isEmpty();
      assertThat(image.config().created()).isEmpty();
      assertThat(image.config().platform()).isEmpty();
      assertThat(image.layers()).hasSize(1);
      assertThat(image.layers().getFirst().diffId()).isEmpty();
      assertThat(image.layers().getFirst().name()).isEqualTo("root filesystem");
      assertThat(Fixtures.layers(image)).containsExactly(ROOT);
    }
  }

  @Test
  void opensRootTarballs() throws IOException {
    assertRoot(open(ROOT));
    assertRoot(open(LayoutBuilder.gzip(ROOT)));
    assertRoot(openPiped(ROOT));
    assertRoot(openPiped(LayoutBuilder.gzip(ROOT)));
  }

  @Test
  void countsTheStoredBytesOfAPipe() throws IOException {
    byte[] stored = LayoutBuilder.gzip(ROOT);
    AtomicLong count = new AtomicLong();

    try (Image image = openPiped(stored);
        InputStream stream = Layers.archive(image.layers().getFirst()).open(count::addAndGet)) {
      assertThat(image.layers().getFirst().sizeBytes()).isEmpty();
      stream.readAllBytes();
    }

    assertThat(count).hasValue(stored.length);
  }

  @Test
  void readsAPipeOnce() throws IOException {
    try (Image image = openPiped(ROOT)) {
      Layer layer = image.layers().getFirst();
      Layers.open(layer);
      assertThatThrownBy(() -> Layers.open(layer)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void opensImageArchivesWhateverTheyAreCompressedWith() throws IOException {
    byte[] archive = new LayoutBuilder().image("tag", LAYER).archive();

    for (byte[] file : new byte[][] {archive, LayoutBuilder.gzip(archive)}) {
      for (Image image : new Image[] {open(file), openPiped(file), open("oci-archive:", file)}) {
        try (image) {
          assertThat(Fixtures.layers(image)).containsExactly(LAYER);
        }
      }
    }
  }

  @Test
  void leavesNoTemporaryFiles() throws IOException {
    byte[] archive = LayoutBuilder.gzip(new LayoutBuilder().image("tag", LAYER).archive());
    Path scratch = Files.createDirectory(directory.resolve("scratch"));

    try (Image image =
        Source.parse("-", new ByteArrayInputStream(archive))
            .open(Opening.ofFiles(Optional.empty(), scratch))) {
      try (Stream<Path> left = Files.list(scratch)) {
        assertThat(left).isEmpty();
      }
      assertThat(Fixtures.layers(image)).containsExactly(LAYER);
    }
  }

  @Test
  void refusesArchivesOfSomethingElse() {
    assertThatThrownBy(() -> open("oci-archive:", ROOT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("expected an OCI archive");
    assertThatThrownBy(() -> open("docker-archive:", ROOT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("expected a docker archive");
    assertThatThrownBy(
            () -> open("docker-archive:", new LayoutBuilder().image("tag", LAYER).archive()))
        .hasMessageContaining("without manifest.json");
    assertThatThrownBy(() -> open(new TarBuilder().file("repositories", "{}").build()))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("before docker 1.10");
  }

  @Test
  void refusesWhatIsNoArchive() {
    assertThatThrownBy(() -> open("some text\n".repeat(100).getBytes()))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("found a file that begins with some tex")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> open(new byte[0])).hasMessageContaining("an empty file");
    assertThatThrownBy(() -> openPiped(new byte[0])).hasMessageContaining("an empty file");
    assertThatThrownBy(() -> open(LayoutBuilder.gzip("text".repeat(1000).getBytes())))
        .isInstanceOf(FormatException.class);
    assertThatThrownBy(() -> open("oci:", ROOT))
        .hasMessageContaining("expected a directory with an OCI image layout");
    assertThatThrownBy(() ->
            Source.parse(directory.toString(), Fixtures.noInput())
                .open(Opening.ofFiles(Optional.empty(), directory)))
        .hasMessageContaining(
            "found a directory without usr, etc, bin, oci-layout and manifest.json");
    assertThatThrownBy(() ->
            Source.parse("oci-archive:" + directory, Fixtures.noInput())
                .open(Opening.ofFiles(Optional.empty(), directory)))
        .hasMessageContaining("found a directory");
    assertThatThrownBy(() ->
            Source.parse(directory + "/none", Fixtures.noInput())
                .open(Opening.ofFiles(Optional.empty(), directory)))
        .hasMessageContaining("no such file");
  }

  @Test
  void refusesArchivesThatAreCutOff() {
    byte[] archive = new LayoutBuilder().image("tag", LAYER).archive();
    byte[] compressed = LayoutBuilder.gzip(archive);

    for (int size = 600; size < archive.length - 1024; size += 100) {
      byte[] cut = Arrays.copyOf(archive, size);
      assertThatThrownBy(() -> Fixtures.layers(open(cut)))
          .isInstanceOfAny(FormatException.class, SourceException.class);
    }
    for (int size = 20; size < compressed.length; size += 50) {
      byte[] cut = Arrays.copyOf(compressed, size);
      assertThatThrownBy(() -> Fixtures.layers(open(cut))).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void refusesPathsThatLeaveTheArchiveAndLinksInCircles() {
    byte[] escape = new TarBuilder().file("oci-layout", "{}").file("../../etc/passwd", "x").build();
    byte[] circle =
        new TarBuilder()
            .file("manifest.json", "[{\"Config\":\"a\",\"Layers\":[]}]")
            .symlink("a", "b")
            .symlink("b", "a")
            .build();

    assertThatThrownBy(() -> open(escape)).isInstanceOf(FormatException.class);
    assertThatThrownBy(() -> open(circle))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected the file a in the archive");
  }

  @Test
  void takesThePathologicallyDeep() throws IOException {
    byte[] archive =
        new TarBuilder()
            .raw(new LayoutBuilder().image("tag", LAYER).unfinishedArchive())
            .file("blobs/" + "d/".repeat(500) + "file", "x")
            .build();
    byte[] deeper = new TarBuilder().file("blobs/" + "d/".repeat(2000) + "file", "x").build();

    try (Image image = open(archive)) {
      assertThat(Fixtures.layers(image)).containsExactly(LAYER);
    }
    assertThatThrownBy(() -> open(deeper)).isInstanceOf(FormatException.class);
  }

  @Test
  void refusesBlobsWithHoles() {
    byte[] archive =
        new TarBuilder()
            .add(
                Entry.file("oci-layout", "")
                    .pax("GNU.sparse.size", "10")
                    .pax("GNU.sparse.map", "0,0"))
            .build();

    assertThatThrownBy(() -> open(archive)).hasMessageContaining("in one piece");
  }

  @Test
  void anArchiveThatWasCutSaysSo() {
    byte[] whole =
        new TarBuilder()
            .file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}")
            .file("blobs/sha256/large", new byte[5000])
            .build();
    byte[] archive = Arrays.copyOf(whole, 3000);

    assertThatThrownBy(() -> open(archive))
        .isInstanceOf(FormatException.Malformed.class)
        .hasMessageContaining(
            "archive ends too soon: expected 5000 bytes of blobs/sha256/large, found 1464");
  }
}
