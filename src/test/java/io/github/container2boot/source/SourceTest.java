package io.github.container2boot.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.Platform;
import io.github.container2boot.oci.Reference;
import io.github.container2boot.oci.SourceException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What users write.
class SourceTest {
  private static Source parse(String text) throws SourceException {
    return Source.parse(text, InputStream.nullInputStream());
  }

  @Test
  void readsTransports() throws SourceException {
    assertThat(parse("oci:dir"))
        .isEqualTo(new Source.LayoutDirectory(Path.of("dir"), Optional.empty()));
    assertThat(parse("oci:dir:"))
        .isEqualTo(new Source.LayoutDirectory(Path.of("dir"), Optional.empty()));
    assertThat(parse("oci:/a/dir:tag:2"))
        .isEqualTo(new Source.LayoutDirectory(Path.of("/a/dir"), Optional.of("tag:2")));
    assertThat(parse("oci-archive:file:tag"))
        .isEqualTo(new Source.LayoutArchive(Path.of("file"), Optional.of("tag")));
    assertThat(parse("docker-archive:file:host:5000/foo:1"))
        .isEqualTo(new Source.DockerArchiveFile(Path.of("file"), Optional.of("host:5000/foo:1")));
    assertThat(parse("dir:/a:b")).isEqualTo(new Source.ImageDirectory(Path.of("/a:b")));
    assertThat(parse("rootfs:/a:b:c")).isEqualTo(new Source.RootFilesystem(Path.of("/a:b:c")));
    assertThat(parse("./a:b")).isEqualTo(new Source.FileOrDirectory(Path.of("./a:b")));
    assertThat(parse("/x.tar")).isEqualTo(new Source.FileOrDirectory(Path.of("/x.tar")));
    assertThat(parse("-")).isInstanceOf(Source.StandardInput.class).hasToString("-");
  }

  @Test
  void writesThemAsTheyWere() throws SourceException {
    for (String text :
        List.of(
            "oci:dir:tag",
            "oci-archive:file",
            "docker-archive:f:a/b:1",
            "dir:d",
            "rootfs:r",
            "x")) {
      assertThat(parse(text)).hasToString(text);
    }
  }

  @Test
  void refusesOtherTransports() {
    assertThatThrownBy(() -> parse("ftp://debian:13"))
        .isInstanceOfSatisfying(
            SourceException.class,
            problem ->
                assertThat(problem.problem())
                    .isEqualTo(new SourceException.UnknownTransport("ftp:", Source.TRANSPORTS)));
  }

  @Test
  void namesImagesInRegistries() throws SourceException {
    assertThat(parse("docker://localhost:5000/machine"))
        .hasToString("docker://localhost:5000/machine:latest");
    assertThat(parse("docker://debian:13")).hasToString("docker://docker.io/library/debian:13");
    assertThatThrownBy(() -> parse("docker:debian"))
        .hasMessage("docker:debian: expected docker://REGISTRY/NAME");
    assertThatThrownBy(() -> parse("docker://example.org/A"))
        .hasMessageStartingWith("docker://example.org/A: \"example.org/A\" is no name of an image");
  }

  @ParameterizedTest
  @CsvSource({
    "debian, docker.io/library/debian:latest",
    "debian:13, docker.io/library/debian:13",
    "foo/bar, docker.io/foo/bar:latest",
    "docker.io/debian, docker.io/library/debian:latest",
    "localhost/foo:1, localhost/foo:1",
    "localhost:5000/foo, localhost:5000/foo:latest",
    "example.org/fedora/fedora-bootc:43, example.org/fedora/fedora-bootc:43",
    "debian@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, docker.io/library/debian@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  })
  void completesShortNames(String text, String expected) throws FormatException {
    assertThat(Reference.parse(text)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":", "@", "Debian", "a//b", "a:b:c", "-a", "a:-b", "a@sha256:1", "a b", "a:"})
  void refusesWhatIsNoName(String text) {
    assertThatThrownBy(() -> Reference.parse(text)).isInstanceOf(FormatException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, linux/amd64",
    "Linux/x86_64, linux/amd64",
    "linux/aarch64, linux/arm64",
    "linux/arm64/v8, linux/arm64",
    "linux/arm/v7, linux/arm/v7",
    "linux/riscv64, linux/riscv64"
  })
  void readsPlatforms(String text, String expected) {
    assertThat(Platform.parse(text)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "linux", "linux/", "/amd64", "linux/arm/v7/x", "linux//v7"})
  void refusesWhatIsNoPlatform(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Platform.parse(text))
        .withMessageContaining("expected OS/ARCH");
  }
}
