package io.github.container2boot.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.boot.BootableFiles;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.DockerRegistry;
import io.github.container2boot.testing.OciLayout;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The program against docker's registry, with images that skopeo pushes: the disk is the archive's
/// to the byte.
class RealRegistryTest {
  @TempDir static Path directory;

  private static Path layout;
  private static long expected;

  @BeforeAll
  static void makeImage() throws IOException {
    Tools.require("skopeo", "docker-registry");
    byte[] noise = RegistryFixture.archive(3, 700_000);
    layout =
        image(
            BootableFiles.debian(),
            Map.of("srv/noise", noise),
            Map.of("etc/motd", new byte[] {10}));
    expected = build("oci:" + layout);
  }

  @SafeVarargs
  private static Path image(Map<String, byte[]>... layers) throws IOException {
    List<Path> archives = new ArrayList<>();
    for (Map<String, byte[]> layer : layers) {
      TarBuilder archive = new TarBuilder();
      new TreeMap<>(layer).forEach(archive::file);
      archives.add(Files.write(directory.resolve("layer" + archives.size()), archive.build()));
    }
    Path written = directory.resolve("layout");
    OciLayout.write(written, archives);
    return written;
  }

  /// A hash of the disk.
  private static long build(String source, Object... options) throws IOException {
    Path output = Files.createTempDirectory(directory, "out");
    List<Object> arguments = new ArrayList<>(List.of("build", source, "--no-cache", "-o", output));
    arguments.addAll(List.of(options));
    Program.run(arguments.toArray());
    java.util.zip.CRC32C hash = new java.util.zip.CRC32C();
    hash.update(Files.readAllBytes(output.resolve("disk.img")));
    return hash.getValue();
  }

  private static Tools.Result failing(String source, Object... options) throws IOException {
    Path output = Files.createTempDirectory(directory, "out");
    List<Object> arguments = new ArrayList<>(List.of("build", source, "--no-cache", "-o", output));
    arguments.addAll(List.of(options));
    Tools.Result result = Program.execute(arguments.toArray());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.text().lines()).hasSize(1);
    return result;
  }

  private static void push(String image, Object... options) {
    List<Object> command = new ArrayList<>(List.of("skopeo", "--insecure-policy", "copy", "-q"));
    command.addAll(List.of(options));
    command.addAll(List.of("oci:" + layout, "docker://" + image));
    Tools.run(command.toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "zstd:chunked"})
  void theDiskIsTheArchives(String compression) throws IOException {
    try (DockerRegistry registry =
        DockerRegistry.start(directory.resolve("plain"), DockerRegistry.Manner.open())) {
      String name = registry.host() + "/team/machine:" + compression.replace(':', '-');
      push(name, "--dest-tls-verify=false", "--dest-compress-format", compression);
      assertThat(build("docker://" + name)).isEqualTo(expected);
    }
  }

  @Test
  void saysWhatIsNotThere() throws IOException {
    try (DockerRegistry registry =
        DockerRegistry.start(directory.resolve("plain"), DockerRegistry.Manner.open())) {
      assertThat(failing("docker://" + registry.host() + "/nothing").text())
          .isEqualTo(
              "container2boot: %s/nothing:latest: no such image; check its name and tag; skopeo list-tags lists the tags of a repository\n"
                  .formatted(registry.host()));
    }
  }

  @Test
  void logsInWithAPassword() throws IOException {
    DockerRegistry.Manner manner = new DockerRegistry.Manner(true, Optional.empty());
    try (DockerRegistry registry = DockerRegistry.start(directory.resolve("password"), manner)) {
      String name = registry.host() + "/machine";
      push(
          name,
          "--dest-tls-verify=false",
          "--dest-creds",
          DockerRegistry.USER + ":" + DockerRegistry.PASSWORD);
      Path right = authFile(registry, DockerRegistry.PASSWORD);
      assertThat(build("docker://" + name, "--authfile", right)).isEqualTo(expected);
      Path wrong = authFile(registry, "wrong");
      assertThat(failing("docker://" + name, "--authfile", wrong).text())
          .contains("access denied", "log in again with podman login " + registry.host());
    }
  }

  private static Path authFile(DockerRegistry registry, String password) throws IOException {
    String auth =
        Base64.getEncoder().encodeToString((DockerRegistry.USER + ":" + password).getBytes());
    return Files.writeString(
        Files.createTempFile(directory, "auth", ".json"),
        "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(registry.host(), auth));
  }

  @Test
  void trustsWhomItIsTold() throws IOException {
    Tools.require("openssl");
    Path certificates = Files.createDirectories(directory.resolve("certificates"));
    Path certificate = certificates.resolve("registry.crt");
    Tools.run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=registry",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        DockerRegistry.keyOf(certificate),
        "-out",
        certificate);
    Path trusted = Files.createDirectories(directory.resolve("trusted"));
    Files.copy(certificate, trusted.resolve("ca.crt"));
    DockerRegistry.Manner manner = new DockerRegistry.Manner(false, Optional.of(certificate));
    try (DockerRegistry registry = DockerRegistry.start(directory.resolve("tls"), manner)) {
      String name = registry.host() + "/machine";
      push(name, "--dest-cert-dir", trusted);
      assertThat(failing("docker://" + name).text())
          .contains(registry.host() + " is not trusted", "--cert-dir", "--tls-verify=false");
      assertThat(build("docker://" + name, "--cert-dir", trusted)).isEqualTo(expected);
      assertThat(build("docker://" + name, "--tls-verify=false")).isEqualTo(expected);
    }
  }
}
