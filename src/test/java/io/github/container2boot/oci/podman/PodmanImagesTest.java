package io.github.container2boot.oci.podman;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.oci.engine.EngineFixtures;
import io.github.container2boot.oci.engine.FakeEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A podman of a few lines of shell, and one behind a socket.
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class PodmanImagesTest {
  private static final byte[] FIRST = EngineFixtures.FIRST;
  private static final byte[] SECOND = EngineFixtures.SECOND;

  @TempDir private Path directory;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void prepare() throws IOException {
    Files.writeString(
        directory.resolve("inspection"), "[" + EngineFixtures.inspection(FIRST, SECOND) + "]");
    Files.write(directory.resolve("archive"), EngineFixtures.archive(FIRST, SECOND));
    environment.put("PATH", directory + ":/usr/bin:/bin");
  }

  /// @param script with `$1` and `$2` the command, `$here` the test's directory
  private void podman(String script) throws IOException {
    Path program = directory.resolve("podman");
    Files.writeString(
        program, "#!/bin/sh\nhere=%s\necho \"$*\" >>$here/calls\n%s".formatted(directory, script));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static final String GOOD =
      """
      case "$*" in
        *'image inspect'*) cat $here/inspection ;;
        *'save --quiet'*) cat $here/archive ;;
      esac
      """;

  private String calls() throws IOException {
    return Files.readString(directory.resolve("calls"));
  }

  private Image open(String name) throws IOException {
    return new PodmanImages(environment).open(name, EngineFixtures.request(directory));
  }

  @Test
  void asksTheProgram() throws IOException {
    podman(GOOD);
    try (Image image = open("machine")) {
      assertThat(calls()).isEqualTo("image inspect -- machine\n");
      assertThat(EngineFixtures.layers(image)).containsExactly(FIRST, SECOND);
    }
    assertThat(calls())
        .isEqualTo(
            "image inspect -- machine\nsave --quiet --format docker-archive -- %s\n"
                .formatted(EngineFixtures.ID));
  }

  @Test
  void understandsWhatFollowsTheTransport() throws IOException {
    podman(GOOD);
    open("-v").close();
    open("localhost/machine:1@" + EngineFixtures.ID).close();
    open("[overlay@/var/lib/store+/run/store]machine").close();
    open("[/var/lib/store]machine").close();
    assertThat(calls())
        .isEqualTo(
            """
            image inspect -- -v
            image inspect -- %s
            --root /var/lib/store --storage-driver overlay --runroot /run/store image inspect -- machine
            --root /var/lib/store image inspect -- machine
            """
                .formatted(EngineFixtures.ID));
  }

  @Test
  void saysThatThereIsNoPodman() throws IOException {
    environment.put("PATH", "/nowhere:relative::" + directory);
    Files.writeString(directory.resolve("podman"), "not executable");
    assertThatThrownBy(() -> open("machine"))
        .isInstanceOf(SourceException.class)
        .hasMessage("podman is not installed");
  }

  @Test
  void saysThatThereIsNoSuchImage() throws IOException {
    podman("test \"$2\" = exists && exit 1; echo 'Fehler: kein Abbild' >&2; exit 125");
    assertThatThrownBy(() -> open("machine"))
        .isInstanceOfSatisfying(
            SourceException.class,
            problem ->
                assertThat(problem.problem()).isInstanceOf(SourceException.NoSuchImage.class))
        .hasMessage("machine: no such image in podman");
  }

  @Test
  void quotesPodmanInOneLine() throws IOException {
    podman("echo warning >&2; printf 'Error: \\033[31mno space\\n\\n' >&2; exit 125");
    assertThatThrownBy(() -> open("machine")).hasMessage("podman failed: Error: \\x1b[31mno space");
    podman("head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 3");
    assertThatThrownBy(() -> open("machine"))
        .hasMessageStartingWith("podman failed: xxxx")
        .message()
        .hasSizeLessThan(300);
    podman("exit 3");
    assertThatThrownBy(() -> open("machine")).hasMessage("podman failed: exit code 3");
  }

  @Test
  void refusesWhatIsNoAnswer() throws IOException {
    podman("echo '[]'");
    assertThatThrownBy(() -> open("machine")).hasMessageContaining("expected one image, found 0");
    podman("echo nonsense");
    assertThatThrownBy(() -> open("machine")).hasMessageContaining("podman image inspect");
    podman("cat /dev/zero");
    assertThatThrownBy(() -> open("machine")).hasMessageContaining("prints more than 4194304");
  }

  @Test
  void aPodmanThatIsKilledInAnExportIsAFailure() throws IOException {
    podman(GOOD.replace("cat $here/archive", "head -c 3000 $here/archive; kill -9 $$"));
    try (Image image = open("machine")) {
      assertThatThrownBy(() -> EngineFixtures.layers(image))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("podman failed: exit code 137");
    }
  }

  @Test
  void aPodmanThatHangsEndsWithTheImage() throws Exception {
    podman(
        GOOD.replace(
            "cat $here/archive",
            "echo $$ >$here/pid; head -c 3000 $here/archive; exec sleep 1000"));
    Image image = open("machine");
    Thread reader = Thread.ofPlatform().start(() -> drain(image));
    Path pid = directory.resolve("pid");
    while (!Files.exists(pid) || Files.size(pid) == 0) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    long process = Long.parseLong(Files.readString(pid).strip());
    assertThat(ProcessHandle.of(process)).isPresent();
    image.close();
    reader.join();
    assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty();
  }

  private static void drain(Image image) {
    try {
      EngineFixtures.layers(image);
    } catch (IOException closed) {
      // That is the point.
    }
  }

  @Test
  void asksTheSocketThatTheUserNames() throws IOException {
    podman("exit 1");
    String prefix = "/v4.0.0/libpod/images/";
    try (FakeEngine daemon = FakeEngine.listen(directory.resolve("podman.sock"))) {
      daemon
          .on(
              prefix + "machine/json",
              FakeEngine.json("200 OK", EngineFixtures.inspection(FIRST, SECOND)))
          .on(
              prefix + EngineFixtures.ID + "/get?format=docker-archive",
              FakeEngine.chunked(EngineFixtures.archive(FIRST, SECOND), 4096));
      environment.put("CONTAINER_HOST", "unix://" + daemon.socket());
      try (Image image = open("machine")) {
        assertThat(EngineFixtures.layers(image)).containsExactly(FIRST, SECOND);
      }
      assertThatThrownBy(() -> open("other")).hasMessage("other: no such image in podman");
    }
    assertThatThrownBy(() -> open("machine"))
        .hasMessageStartingWith("podman at unix://" + directory + "/podman.sock failed: ");
    assertThat(directory.resolve("calls")).doesNotExist();
    environment.put("CONTAINER_HOST", "gopher://x");
    assertThatThrownBy(() -> open("machine"))
        .hasMessage("CONTAINER_HOST names gopher://x: expected unix:///PATH or tcp://HOST:PORT");
  }

  /// Only the program knows ssh.
  @Test
  void leavesSshToTheProgram() throws IOException {
    podman(GOOD);
    environment.put("CONTAINER_HOST", "ssh://anna@machine/run/podman/podman.sock");
    open("machine").close();
    assertThat(calls()).isEqualTo("image inspect -- machine\n");
  }

  @Test
  void layersInAStorageAreNotExported() throws IOException {
    Store store = new Store(directory.resolve("storage")).add(FIRST).add(SECOND);
    Files.writeString(
        directory.resolve("inspection"),
        "["
            + EngineFixtures.inspection(FIRST, SECOND)
                .replace(
                    "{\"Name\":\"vfs\",\"Data\":null}",
                    "{\"Name\":\"overlay\",\"Data\":{\"LowerDir\":\"%s\",\"UpperDir\":\"%s\"}}"
                        .formatted(store.diff(0), store.diff(1)))
            + "]");
    podman(GOOD);
    try (Image image = open("machine")) {
      assertThat(EngineFixtures.layers(image)).containsExactly(FIRST, SECOND);
      assertThat(calls()).doesNotContain("save");
      Files.write(store.split(1), "damaged".getBytes(UTF_8));
      assertThat(EngineFixtures.layers(image)).containsExactly(FIRST, SECOND);
      assertThat(calls()).contains("save");
    }
  }
}
