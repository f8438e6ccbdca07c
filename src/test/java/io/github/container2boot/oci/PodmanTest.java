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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Archives as podman saves them, from a store of the test's own.
@Tag("podman")
class PodmanTest {
  private static final byte[] ROOT =
      new TarBuilder().directory("etc").file("etc/hostname", "machine").build();

  @TempDir private Path directory;

  @BeforeEach
  void importImages() throws IOException {
    Tools.require("podman");
    Path root = Files.write(directory.resolve("root.tar"), ROOT);
    podman("import", "-q", root, "localhost/c2b/first:1");
    podman("import", "-q", "-c", "ENV A=b", root, "localhost/c2b/second:2");
  }

  @AfterEach
  void removeStore() {
    podman("system", "reset", "--force");
  }

  private String podman(Object... arguments) {
    List<Object> command =
        new ArrayList<>(
            List.of(
                "podman",
                "--storage-driver=vfs",
                "--root=" + directory.resolve("store"),
                "--runroot=" + directory.resolve("run")));
    command.addAll(List.of(arguments));
    return Tools.run(command.toArray());
  }

  private void assertRoot(String source) throws IOException {
    try (Image image =
        Source.parse(source, Fixtures.noInput())
            .open(Opening.ofFiles(Optional.empty(), directory))) {
      assertThat(image.config().platform()).contains(Platform.ofThisMachine());
      assertThat(image.config().created()).isPresent();
      assertThat(Fixtures.layers(image)).hasSize(1);
    }
  }

  @Test
  void opensWhateverPodmanSaves() throws IOException {
    for (String format : List.of("docker-archive", "oci-archive", "oci-dir", "docker-dir")) {
      podman(
          "save",
          "-q",
          "--format",
          format,
          "-o",
          directory.resolve(format),
          "localhost/c2b/first:1");
    }

    assertRoot("docker-archive:" + directory.resolve("docker-archive"));
    assertRoot(directory.resolve("docker-archive") + "");
    assertRoot("oci-archive:" + directory.resolve("oci-archive"));
    assertRoot(directory.resolve("oci-dir") + "");
    assertRoot(directory.resolve("docker-dir") + "");
    assertRoot("dir:" + directory.resolve("docker-dir"));
  }

  @Test
  void opensOneOfSeveralImages() throws IOException {
    Path archive = directory.resolve("several.tar");
    podman("save", "-q", "-m", "-o", archive, "localhost/c2b/first:1", "localhost/c2b/second:2");

    assertThatThrownBy(() -> assertRoot(archive.toString()))
        .hasMessageContaining("docker-archive:" + archive + ":localhost/c2b/first:1")
        .hasMessageContaining("localhost/c2b/second:2");
    try (Image image =
        Source.parse("docker-archive:" + archive + ":localhost/c2b/second:2", Fixtures.noInput())
            .open(Opening.ofFiles(Optional.empty(), directory))) {
      assertThat(image.config().environment()).contains("A=b");
    }
  }
}
