package io.github.container2boot.oci.registry;

import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.LayoutBuilder;
import io.github.container2boot.oci.Platform;
import io.github.container2boot.oci.Reference;
import io.github.container2boot.oci.Request;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.Layers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// What the tests against a registry of ours share: a home of their own, and patience that lasts
/// for milliseconds.
final class RegistryFixture {
  final Path home;
  final Map<String, String> environment = new HashMap<>();
  final List<String> notes = Collections.synchronizedList(new ArrayList<>());
  final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());
  Instant now = Instant.parse("2026-01-31T12:00:00Z");
  Optional<Boolean> verifyTls = Optional.empty();
  Optional<Platform> platform = Optional.of(Platform.parse("linux/amd64"));
  Duration stall = Duration.ofSeconds(5);

  RegistryFixture(Path home) {
    this.home = home;
    environment.put("HOME", home.toString());
    environment.put("XDG_RUNTIME_DIR", home.resolve("run").toString());
    environment.put("CONTAINERS_REGISTRIES_CONF", home.resolve("registries.conf").toString());
  }

  /// Credentials for `host`, as podman login writes them.
  void login(String host, String user, String password) throws IOException {
    String auth = Base64.getEncoder().encodeToString((user + ":" + password).getBytes());
    writeAuth(host, "'auth':'" + auth + "'");
  }

  void loginWithToken(String host, String token) throws IOException {
    String auth = Base64.getEncoder().encodeToString("<token>:".getBytes());
    writeAuth(host, "'auth':'" + auth + "','identitytoken':'" + token + "'");
  }

  private void writeAuth(String host, String entry) throws IOException {
    Files.write(authFile(), LayoutBuilder.utf8("{'auths':{'" + host + "':{" + entry + "}}}"));
  }

  private Path authFile() {
    return home.resolve("auth.json");
  }

  /// The content of registries.conf.
  void registries(String toml) throws IOException {
    Files.writeString(home.resolve("registries.conf"), toml);
  }

  Image open(String name) throws IOException {
    if (Files.notExists(authFile())) {
      Files.writeString(authFile(), "{}");
    }
    if (Files.notExists(home.resolve("registries.conf"))) {
      registries("");
    }
    RegistryAccess access =
        new RegistryAccess(
            environment, verifyTls, Optional.empty(), Optional.of(authFile()), notes::add);
    Request request =
        new Request(
            "docker://" + name, "docker", Optional.empty(), Optional.empty(), platform, home);
    return Registry.open(Reference.parse(name), access, request, patience());
  }

  private Patience patience() {
    return new Patience(
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        stall,
        1024,
        4,
        4096,
        Duration.ofMillis(500),
        Duration.ofSeconds(16),
        Duration.ofMinutes(2),
        (duration, _) -> waits.add(duration),
        () -> now);
  }

  /// The uncompressed bytes of each layer.
  static List<byte[]> layers(Image image) throws IOException {
    try (image) {
      return Layers.bytes(image);
    }
  }

  /// An archive that does not get smaller by compression.
  static byte[] archive(long seed, int sizeBytes) {
    byte[] noise = new byte[sizeBytes];
    new Random(seed).nextBytes(noise);
    return new TarBuilder().file("noise", noise).build();
  }
}
