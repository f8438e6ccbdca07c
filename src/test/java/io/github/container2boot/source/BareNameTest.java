package io.github.container2boot.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.LayoutBuilder;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.oci.engine.EngineFixtures;
import io.github.container2boot.oci.engine.FakeEngine;
import io.github.container2boot.oci.registry.FakeRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A name, and where it leads.
class BareNameTest {
  @TempDir private Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private FakeEngine podman;
  private FakeEngine docker;
  private FakeRegistry registry;

  @BeforeEach
  void listen() throws IOException {
    podman = FakeEngine.listen(directory.resolve("podman.sock"));
    docker = FakeEngine.listen(directory.resolve("docker.sock"));
    environment.put("CONTAINER_HOST", "unix://" + podman.socket());
    environment.put("DOCKER_HOST", "unix://" + docker.socket());
    registry = FakeRegistry.start().with(new LayoutBuilder().image("1", new byte[0]));
    search(registry.host());
  }

  private void search(String... registries) throws IOException {
    String names = String.join("\", \"", registries);
    Path configuration = directory.resolve("registries.conf");
    Files.writeString(configuration, "unqualified-search-registries = [\"%s\"]%n".formatted(names));
    environment.put("CONTAINERS_REGISTRIES_CONF", configuration.toString());
  }

  @AfterEach
  void close() throws IOException {
    podman.close();
    docker.close();
    registry.close();
  }

  private String open(String name) throws IOException {
    SourceSettings settings =
        new SourceSettings(environment, Optional.empty(), Optional.empty(), Optional.empty());
    Opening opening = new Opening(Optional.empty(), directory, settings, notes::add);
    try (Image image = Source.parse(name, InputStream.nullInputStream()).open(opening)) {
      return image.digest().orElseThrow().hex();
    }
  }

  private static void hasImage(FakeEngine engine, String path) {
    engine.on(path, FakeEngine.json("200 OK", EngineFixtures.inspection(EngineFixtures.FIRST)));
  }

  @Test
  void podmanComesFirst() throws IOException {
    hasImage(podman, "/v4.0.0/libpod/images/machine:latest/json");
    hasImage(docker, "/images/machine:latest/json");
    assertThat(open("machine:latest")).isEqualTo(EngineFixtures.ID);
    assertThat(notes).containsExactly("machine:latest: found in podman (localhost/machine:latest)");
    assertThat(docker.asked()).isEmpty();
  }

  @Test
  void thenDocker() throws IOException {
    hasImage(docker, "/images/localhost/machine/json");
    assertThat(open("localhost/machine")).isEqualTo(EngineFixtures.ID);
    assertThat(open("docker-daemon:localhost/machine")).isEqualTo(EngineFixtures.ID);
    podman.close();
    assertThat(open("localhost/machine")).isEqualTo(EngineFixtures.ID);
    environment.put("CONTAINER_HOST", "");
    environment.put("PATH", "/nowhere");
    environment.put("XDG_RUNTIME_DIR", "/nowhere");
    assertThat(open("localhost/machine")).isEqualTo(EngineFixtures.ID);
  }

  @Test
  void thenARegistry() throws IOException {
    try (FakeRegistry other = FakeRegistry.start().with(new LayoutBuilder())) {
      search(other.host(), registry.host());
      String digest = open("docker://" + registry.host() + "/machine:1");
      assertThat(open("machine:1")).isEqualTo(digest);
      assertThat(notes)
          .containsExactly(
              "machine:1: found in a registry (%s/machine:1)".formatted(registry.host()));
      assertThat(open(registry.host() + "/machine:1")).isEqualTo(digest);
    }
  }

  @Test
  void saysWhereItLooked() throws IOException {
    assertThatThrownBy(() -> open("machne.tar"))
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "machne.tar: no such file or directory, and no image of that name in podman or docker or a registry");
    docker.on(
        "/images/machne.tar/json", FakeEngine.json("500 Oops", "{\"message\":\"disk on fire\"}"));
    registry.close();
    assertThatThrownBy(() -> open("machne.tar"))
        .hasMessage(
            "machne.tar: no such file or directory, and no image of that name in podman; docker at unix://%s failed: disk on fire; %s cannot be reached: connection refused",
            docker.socket(), registry.host());
    assertThat(notes).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"./machine", "/machine", "../machine", "~/machine", "Machine.tar"})
  void aPathIsAPath(String path) {
    assertThatThrownBy(() -> open(path))
        .isInstanceOfSatisfying(
            SourceException.class,
            problem -> assertThat(problem.problem()).isInstanceOf(SourceException.NotFound.class));
    assertThat(podman.asked()).isEmpty();
  }

  @Test
  void aFileThatIsThereComesBeforeAnyImage() throws IOException {
    Path file = Files.writeString(Path.of("bare-name-test:file"), "no image");
    try {
      assertThatThrownBy(() -> open(file.toString())).hasMessageContaining("begins with no image");
    } finally {
      Files.delete(file);
    }
    assertThat(podman.asked()).isEmpty();
  }
}
