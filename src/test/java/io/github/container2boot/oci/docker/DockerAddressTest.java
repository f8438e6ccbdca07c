package io.github.container2boot.oci.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.oci.Digest;
import io.github.container2boot.oci.configuration.Places;
import io.github.container2boot.oci.engine.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where docker is, by what its own client goes by.
class DockerAddressTest {
  @TempDir private Path home;
  private final Map<String, String> environment = new HashMap<>();

  private Endpoint find() throws IOException {
    environment.put("HOME", home.toString());
    return new DockerAddress(Places.of(environment)).find();
  }

  private void context(String name, String meta) throws IOException {
    String hash = Digest.of(Digest.Algorithm.SHA256, name.getBytes(UTF_8)).hex();
    Path file = home.resolve(".docker/contexts/meta").resolve(hash).resolve("meta.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, meta);
  }

  private void configuration(String json) throws IOException {
    Files.createDirectories(home.resolve(".docker"));
    Files.writeString(home.resolve(".docker/config.json"), json);
  }

  @Test
  void theHostComesFirst() throws IOException {
    configuration("{\"currentContext\":\"missing\"}");
    environment.put("DOCKER_HOST", "unix:///run/user/1/docker.sock");
    assertThat(find()).isEqualTo(new Endpoint.UnixSocket(Path.of("/run/user/1/docker.sock")));
    environment.put("DOCKER_HOST", "tcp://machine:2375");
    assertThat(find()).isEqualTo(new Endpoint.Tcp("machine", 2375));
  }

  @Test
  void thenContexts() throws IOException {
    context(
        "rootless", "{\"Endpoints\":{\"docker\":{\"Host\":\"unix:///run/user/1/docker.sock\"}}}");
    context("far", "{\"Endpoints\":{\"docker\":{\"Host\":\"tcp://far:2375\"}}}");
    configuration("{\"currentContext\":\"rootless\"}");
    assertThat(find()).isEqualTo(new Endpoint.UnixSocket(Path.of("/run/user/1/docker.sock")));
    environment.put("DOCKER_CONTEXT", "far");
    assertThat(find()).isEqualTo(new Endpoint.Tcp("far", 2375));
    environment.put("DOCKER_CONTEXT", "lost");
    assertThatThrownBy(this::find).hasMessage("docker has no context lost; see docker context ls");
  }

  /// The same file holds credentials.
  @Test
  void whatIsInAFileIsNotQuoted() throws IOException {
    configuration("{\"auths\":{\"registry.example\":{\"auth\":secret}}}");
    assertThatThrownBy(this::find)
        .hasMessageStartingWith(home.resolve(".docker/config.json") + ": expected a JSON object")
        .hasMessageNotContaining("secret");
  }

  @Test
  void thenSockets() throws IOException {
    Path socket = Files.createDirectories(home.resolve("run")).resolve("docker.sock");
    Files.createFile(socket);
    environment.put("XDG_RUNTIME_DIR", socket.getParent().toString());
    environment.put("DOCKER_CONTEXT", "default");
    assertThat(find()).isInstanceOf(Endpoint.UnixSocket.class);
    if (!Files.exists(Path.of("/var/run/docker.sock"))) {
      assertThat(find()).isEqualTo(new Endpoint.UnixSocket(socket));
      Files.delete(socket);
      assertThatThrownBy(this::find)
          .hasMessage("docker is not running: no socket at /var/run/docker.sock");
    }
  }

  @Test
  void refusesWhatItCannotReach() {
    environment.put("DOCKER_HOST", "ssh://anna@machine");
    assertThatThrownBy(this::find)
        .hasMessageStartingWith("docker is reached over ssh by DOCKER_HOST (ssh://anna@machine)")
        .hasMessageContaining("docker save");
    for (String wrong :
        new String[] {"npipe:////./pipe/docker", "tcp://x:99999", "unix://x", "x"}) {
      environment.put("DOCKER_HOST", wrong);
      assertThatThrownBy(this::find)
          .hasMessageContaining("expected unix:///PATH or tcp://HOST:PORT");
    }
  }
}
