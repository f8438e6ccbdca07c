package io.github.container2boot.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.source.Opening;
import io.github.container2boot.source.Source;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Layouts and archives as umoci and skopeo write them.
class RealToolsTest {
  private static final byte[] LOWER =
      new TarBuilder().directory("etc").file("etc/hostname", "machine").build();
  private static final byte[] UPPER = new TarBuilder().whiteout("etc", "hostname").build();

  @TempDir private static Path directory;

  /// Two tags: `base` has one layer, `two` has two.
  @BeforeAll
  static void makeLayout() throws IOException {
    Tools.require("umoci", "skopeo");
    Path layout = directory.resolve("layout");
    Path lower = Files.write(directory.resolve("lower.tar"), LOWER);
    Path upper = Files.write(directory.resolve("upper.tar"), UPPER);
    Tools.run("umoci", "init", "--layout", layout);
    Tools.run("umoci", "new", "--image", layout + ":base");
    Tools.run("umoci", "raw", "add-layer", "--image", layout + ":base", lower);
    Tools.run("umoci", "raw", "add-layer", "--image", layout + ":base", "--tag", "two", upper);
  }

  private static Image open(String source) throws IOException {
    return Source.parse(source, Fixtures.noInput())
        .open(Opening.ofFiles(Optional.empty(), directory));
  }

  private static Path copy(String transport, String file, String reference) {
    Path target = directory.resolve(file);
    Tools.run(
        "skopeo",
        "--insecure-policy",
        "copy",
        "-q",
        "oci:" + directory.resolve("layout") + ":two",
        transport + ":" + target + reference);
    return target;
  }

  private static void assertTwoLayers(Image image) throws IOException {
    try (image) {
      assertThat(Fixtures.layers(image)).containsExactly(LOWER, UPPER);
    }
  }

  @Test
  void opensUmocisLayout() throws IOException {
    assertTwoLayers(open("oci:" + directory.resolve("layout") + ":two"));
  }

  @Test
  void listsTheTagsOfALayoutWithSeveral() {
    String layout = directory.resolve("layout").toString();

    assertThatThrownBy(() -> open(layout))
        .isInstanceOfSatisfying(
            SourceException.class,
            problem ->
                assertThat(problem.problem())
                    .isEqualTo(
                        new SourceException.ManyImages(
                            layout, List.of("oci:" + layout + ":base", "oci:" + layout + ":two"))));
  }

  @Test
  void opensSkopeosLayoutWithoutItsOnlyTag() throws IOException {
    assertTwoLayers(open(copy("oci", "copied", ":other").toString()));
  }

  @Test
  void opensSkopeosOciArchive() throws IOException {
    Path archive = copy("oci-archive", "archive.tar", ":other");

    assertTwoLayers(open("oci-archive:" + archive));
    assertTwoLayers(open("oci-archive:" + archive + ":other"));
    assertTwoLayers(open(archive.toString()));
  }

  @Test
  void opensSkopeosDockerArchive() throws IOException {
    Path archive = copy("docker-archive", "docker.tar", ":foo/bar:1");

    assertTwoLayers(open("docker-archive:" + archive));
    assertTwoLayers(open("docker-archive:" + archive + ":foo/bar:1"));
    assertTwoLayers(open("docker-archive:" + archive + ":docker.io/foo/bar:1"));
    assertTwoLayers(open(archive.toString()));
    assertThatThrownBy(() -> open("docker-archive:" + archive + ":foo/bar"))
        .hasMessageContaining("docker.io/foo/bar:1");
  }

  @Test
  void opensCompressedArchives() throws IOException {
    Tools.require("xz", "zstd", "gzip");
    Path archive = copy("oci-archive", "compressed.tar", ":other");
    Tools.run("xz", "-k0", archive);
    Tools.run("gzip", "-k1", archive);
    Tools.run("zstd", "-q1", archive);

    assertTwoLayers(open(archive + ".xz"));
    assertTwoLayers(open("oci-archive:" + archive + ".gz:other"));
    assertTwoLayers(open(archive + ".zst"));
  }

  @Test
  void readsWhatSkopeoCopiesToADirectory() throws IOException {
    Path copied = copy("dir", "copied", "");
    assertTwoLayers(open("dir:" + copied));
    assertTwoLayers(open(copied.toString()));
  }

  @Test
  void refusesADirectoryOfAnotherVersion() throws IOException {
    Path copied = copy("dir", "of-later", "");
    Files.writeString(copied.resolve("version"), "Directory Transport Version: 2.0\n");
    assertThatThrownBy(() -> open("dir:" + copied))
        .hasMessage(
            "dir:%s: version: expected Directory Transport Version: 1.1, found Directory Transport Version: 2.0",
            copied);
    Files.delete(copied.resolve("version"));
    assertThatThrownBy(() -> open("dir:" + copied)).hasMessageContaining("no file version");
  }

  @Test
  void opensArchivesThroughAPipe() throws IOException {
    Path archive = copy("docker-archive", "piped.tar", ":foo/bar:1");

    assertTwoLayers(
        Source.parse("-", Files.newInputStream(archive))
            .open(Opening.ofFiles(Optional.empty(), directory)));
  }
}
