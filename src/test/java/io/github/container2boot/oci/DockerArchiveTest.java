package io.github.container2boot.oci;

import static io.github.container2boot.oci.LayoutBuilder.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.source.Opening;
import io.github.container2boot.source.Source;
import io.github.container2boot.tar.TarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The archives of docker before and after version 25.
class DockerArchiveTest {
  private static final byte[] LAYER = new TarBuilder().file("a", "b").build();
  private static final byte[] CONFIG =
      utf8(
          "{'architecture':'amd64','os':'linux','created':'0001-01-01T00:00:00Z','config':{'Env':null,'Cmd':['sh']},'rootfs':{'type':'layers','diff_ids':['%s','%s']}}"
              .formatted(LayoutBuilder.digest(LAYER), LayoutBuilder.digest(LAYER)));
  private static final String ID = LayoutBuilder.digest(CONFIG).substring("sha256:".length());

  @TempDir private Path directory;

  private Image open(TarBuilder archive, String reference, String platform) throws IOException {
    Path file = Files.write(directory.resolve("docker.tar"), archive.build());
    Optional<Platform> wanted =
        platform.isEmpty() ? Optional.empty() : Optional.of(Platform.parse(platform));
    return Source.parse("docker-archive:" + file + reference, Fixtures.noInput())
        .open(Opening.ofFiles(wanted, directory));
  }

  /// A layer that is a symbolic link to another one, as docker wrote it for years.
  private static TarBuilder old(String manifest) {
    return new TarBuilder()
        .directory("1".repeat(64))
        .file("1".repeat(64) + "/VERSION", "1.0")
        .file("1".repeat(64) + "/layer.tar", LAYER)
        .directory("2".repeat(64))
        .symlink("2".repeat(64) + "/layer.tar", "../" + "1".repeat(64) + "/layer.tar")
        .file(ID + ".json", CONFIG)
        .add(TarBuilder.Entry.file("manifest.json", utf8(manifest)));
  }

  private static String entry(String tags) {
    return "{'Config':'%s.json','RepoTags':%s,'Layers':['%s/layer.tar','%s/layer.tar']}"
        .formatted(ID, tags, "1".repeat(64), "2".repeat(64));
  }

  private static void assertOpened(Image image) throws IOException {
    try (image) {
      assertThat(image.digest()).contains(Digest.of(Digest.Algorithm.SHA256, CONFIG));
      assertThat(image.config().created()).isEmpty();
      assertThat(image.config().command()).containsExactly("sh");
      assertThat(Fixtures.layers(image)).containsExactly(LAYER, LAYER);
    }
  }

  @Test
  void opensArchivesOfOldDocker() throws IOException {
    TarBuilder archive = old("[" + entry("['foo:1','bar/foo:latest']") + "]");

    assertOpened(open(archive, "", ""));
    assertOpened(open(archive, ":foo:1", ""));
    assertOpened(open(archive, ":docker.io/library/foo:1", ""));
    assertOpened(open(archive, ":bar/foo", ""));
    assertOpened(open(archive, ":@0", "linux/amd64"));
    assertThatThrownBy(() -> open(archive, ":foo", ""))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("no image \"foo\"")
        .hasMessageContaining(":foo:1");
    assertThatThrownBy(() -> open(archive, "", "linux/arm64"))
        .hasMessageContaining("no image for linux/arm64; it holds linux/amd64");
  }

  @Test
  void opensArchivesOfNewDocker() throws IOException {
    LayoutBuilder layout = new LayoutBuilder().image("tag", LAYER, LAYER);
    layout.file("blobs/sha256/" + ID, CONFIG);
    layout.file(LayoutBuilder.blobPath(LAYER), LAYER);
    layout.file(
        "manifest.json",
        "[{'Config':'blobs/sha256/%s','RepoTags':null,'Layers':['%s','%s']}]"
            .formatted(ID, LayoutBuilder.blobPath(LAYER), LayoutBuilder.blobPath(LAYER)));
    TarBuilder archive = new TarBuilder();
    layout.files().forEach(archive::file);

    assertOpened(open(archive, "", ""));
    Path file = directory.resolve("docker.tar");
    try (Image image =
        Source.parse(file.toString(), Fixtures.noInput())
            .open(Opening.ofFiles(Optional.empty(), directory))) {
      assertThat(image.name()).isEqualTo("oci-archive:" + file + ":tag");
      assertThat(Fixtures.layers(image)).containsExactly(LAYER, LAYER);
    }
  }

  @Test
  void listsImagesIfThereAreSeveral() throws IOException {
    TarBuilder archive = old("[" + entry("['foo:1']") + "," + entry("null") + "]");

    assertThatThrownBy(() -> open(archive, "", ""))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("docker.tar:foo:1, docker-archive:")
        .hasMessageContaining("docker.tar:@1");
    assertOpened(open(archive, ":@1", ""));
  }

  @Test
  void verifiesTheConfiguration() {
    TarBuilder archive = old("[" + entry("null") + "]").file(ID + ".json", "{}");

    assertThatThrownBy(() -> open(archive, "", ""))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected digest sha256:" + ID);
  }

  @Test
  void verifiesTheLayers() {
    TarBuilder archive =
        old("[" + entry("null") + "]")
            .file("1".repeat(64) + "/layer.tar", new TarBuilder().file("a", "c").build());

    assertThatThrownBy(() -> Fixtures.layers(open(archive, "", "")))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("expected " + LayoutBuilder.digest(LAYER));
  }

  @Test
  void refusesArchivesThatLackSomething() {
    assertThatThrownBy(() -> open(old("[]"), "", "")).hasMessageContaining("a list of none");
    assertThatThrownBy(() -> open(old("{}"), "", "")).isInstanceOf(FormatException.class);
    assertThatThrownBy(() -> open(old("[{'Layers':[]}]"), "", ""))
        .hasMessageContaining("manifest.json[0]: Config: expected a string, found nothing");
    assertThatThrownBy(() -> open(old("[{'Config':'../../etc/passwd','Layers':[]}]"), "", ""))
        .isInstanceOf(FormatException.class);
    assertThatThrownBy(() -> open(old("[{'Config':'none.json','Layers':[]}]"), "", ""))
        .hasMessageContaining("expected the file none.json in the archive");
    assertThatThrownBy(() -> open(old("[{'Config':'%s.json','Layers':[]}]".formatted(ID)), "", ""))
        .hasMessageContaining("expected 0 diff_ids as manifest.json has layers, found 2");
  }
}
