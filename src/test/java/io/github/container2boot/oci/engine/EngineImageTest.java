package io.github.container2boot.oci.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.Layer;
import io.github.container2boot.oci.Platform;
import io.github.container2boot.oci.Request;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.Layers;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Images of an engine that is spoken to over its socket.
@Timeout(60)
class EngineImageTest {
  private static final byte[] FIRST = EngineFixtures.FIRST;
  private static final byte[] SECOND = EngineFixtures.SECOND;
  private static final String EXPORT = "/images/" + EngineFixtures.ID + "/get";

  @TempDir private Path directory;
  private FakeEngine daemon;

  @BeforeEach
  void listen() throws IOException {
    daemon = FakeEngine.listen(directory.resolve("socket"));
    daemon.on(
        "/images/machine/json",
        FakeEngine.json("200 OK", EngineFixtures.inspection(FIRST, SECOND)));
  }

  @AfterEach
  void close() throws IOException {
    daemon.close();
  }

  private HttpEngine docker() {
    return HttpEngine.docker(new Endpoint.UnixSocket(daemon.socket()));
  }

  private Image open() throws IOException {
    return EngineImage.open(
        docker(),
        docker().inspect("machine").orElseThrow(),
        KeptLayers.unknown(),
        EngineFixtures.request(directory));
  }

  private static byte[] ok(byte[] body) {
    byte[] head = "HTTP/1.0 200 OK\n\n".getBytes(UTF_8);
    byte[] all = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }

  @Test
  void anImageIsKnownWithoutAnExport() throws IOException {
    try (Image image = open()) {
      assertThat(image.digest()).hasToString("Optional[sha256:" + EngineFixtures.ID + "]");
      assertThat(image.config().created()).contains(Instant.parse("2026-01-02T03:04:05.678Z"));
      assertThat(image.config().platform()).contains(Platform.parse("linux/arm64"));
      assertThat(image.config().entrypoint()).containsExactly("/init");
      assertThat(image.config().environment()).containsExactly("A=b");
      assertThat(image.config().labels()).containsEntry("c", "d");
      assertThat(image.layers())
          .extracting(Layer::diffId)
          .containsExactly(
              Optional.of(EngineFixtures.digest(FIRST)),
              Optional.of(EngineFixtures.digest(SECOND)));
    }
    assertThat(daemon.asked()).containsExactly("/images/machine/json");
  }

  @Test
  void layersComeOutOfOneExport() throws IOException {
    daemon.on(EXPORT, FakeEngine.chunked(EngineFixtures.archive(FIRST, SECOND), 1000));
    try (Image image = open();
        InputStream second = Layers.open(image, 1);
        InputStream first = Layers.open(image, 0)) {
      assertThat(second.readAllBytes()).isEqualTo(SECOND);
      assertThat(first.readAllBytes()).isEqualTo(FIRST);
      assertThat(EngineFixtures.layers(image)).containsExactly(FIRST, SECOND);
    }
    assertThat(daemon.asked()).containsOnlyOnce(EXPORT);
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(daemon.socket());
    }
  }

  /// A layer need not wait for those behind it.
  @Test
  void layersAreReadWhileTheArchiveComes() throws IOException {
    byte[] large = new TarBuilder().file("large", new byte[1 << 20]).build();
    daemon.on(
        "/images/machine/json",
        FakeEngine.json("200 OK", EngineFixtures.inspection(large, SECOND)));
    byte[] archive = EngineFixtures.archive(large, SECOND);
    CountDownLatch read = new CountDownLatch(1);
    daemon.on(
        EXPORT,
        target -> {
          byte[] all = ok(archive);
          int half = all.length - SECOND.length;
          target.write(all, 0, half);
          assertThat(read.await(30, TimeUnit.SECONDS)).isTrue();
          target.write(all, half, all.length - half);
        });
    try (Image image = open()) {
      try (InputStream first = Layers.open(image, 0)) {
        assertThat(first.readAllBytes()).isEqualTo(large);
      }
      read.countDown();
      assertThat(EngineFixtures.layers(image)).containsExactly(large, SECOND);
    }
  }

  @Test
  void layersMayBeCalledAnything() throws IOException {
    byte[] archive = EngineFixtures.archiveByNumber(FIRST, SECOND);
    daemon.on(EXPORT, target -> target.write(ok(archive)));
    try (Image image = open()) {
      assertThat(EngineFixtures.layers(image)).containsExactly(FIRST, SECOND);
    }
  }

  @Test
  void aWrongLayerIsFoundOut() throws IOException {
    byte[] archive = EngineFixtures.archive(FIRST, SECOND);
    archive[600] ^= 1;
    daemon.on(EXPORT, FakeEngine.chunked(archive, 1 << 16));
    try (Image image = open()) {
      assertThatThrownBy(() -> EngineFixtures.layers(image))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("digest of the uncompressed layer");
    }
  }

  @Test
  void anotherImageInTheArchiveIsFoundOut() throws IOException {
    daemon.on(EXPORT, FakeEngine.chunked(EngineFixtures.archive(SECOND), 1 << 16));
    try (Image image = open()) {
      assertThatThrownBy(() -> EngineFixtures.layers(image))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("found others in its archive");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 700, 1536, 3000})
  void aConnectionThatBreaksIsAFailure(int bytes) throws IOException {
    byte[] archive = EngineFixtures.archive(FIRST, SECOND);
    String head = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n".formatted(archive.length);
    daemon.on(
        EXPORT,
        target -> {
          target.write(head.getBytes(UTF_8));
          target.write(archive, 0, bytes);
        });
    try (Image image = open()) {
      assertThatThrownBy(() -> EngineFixtures.layers(image))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("docker at unix://" + daemon.socket() + " failed")
          .hasMessageContaining("closed");
    }
  }

  @Test
  void refusesAnotherPlatform() throws IOException {
    Request request =
        new Request(
            "machine",
            "docker-daemon",
            Optional.empty(),
            Optional.empty(),
            Optional.of(Platform.parse("linux/riscv64")),
            directory);
    InspectedImage inspected = docker().inspect("machine").orElseThrow();
    assertThatThrownBy(() -> EngineImage.open(docker(), inspected, KeptLayers.unknown(), request))
        .hasMessage("machine holds no image for linux/riscv64; it holds linux/arm64");
  }

  @Test
  void aMissingImageIsNoFailure() throws IOException {
    assertThat(docker().inspect("other")).isEmpty();
    assertThat(docker().inspect("a b/ü?x#y%z")).isEmpty();
    assertThat(daemon.asked())
        .containsExactly("/images/other/json", "/images/a%20b/%C3%BC%3Fx%23y%25z/json");
  }

  @Test
  void quotesTheEngine() {
    daemon.on("/images/x/json", FakeEngine.json("500 No", "{\"message\":\"disk\\non fire\"}"));
    assertFails("disk\\x0aon fire");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nnot found",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\n\r\n[]",
        "HTTP/1.1 200 OK\r\n\r\n{\"Id\":\"sha256:12\",\"RootFS\":{}}",
        "HTTP/1.1 200 OK\r\n\r\n{\"Id\":\"",
        "HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n"
      })
  void answersThatAreNoneAreFailures(String answer) {
    daemon.on("/images/x/json", FakeEngine.raw(answer));
    assertFails("");
  }

  @Test
  void answersAreBounded() {
    daemon.on(
        "/images/x/json",
        target -> {
          target.write("HTTP/1.1 200 OK\r\nA: ".getBytes(UTF_8));
          while (true) {
            target.write(new byte[1 << 16]);
          }
        });
    assertFails("at most 8192 bytes");
    daemon.on(
        "/images/x/json",
        target -> {
          target.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
          while (true) {
            target.write(new byte[1 << 16]);
          }
        });
    assertFails("at most 4194304 bytes");
  }

  private void assertFails(String reason) {
    assertThatThrownBy(() -> docker().inspect("x"))
        .isInstanceOfSatisfying(
            SourceException.class,
            failure ->
                assertThat(failure.problem()).isInstanceOf(SourceException.EngineFailed.class))
        .hasMessageStartingWith("docker at unix://" + daemon.socket() + " failed: ")
        .hasMessageContaining(reason)
        .message()
        .doesNotContain("\n")
        .hasSizeLessThan(600);
  }

  @Test
  void silenceEnds() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    daemon.on("/slow", target -> over.await());
    try (Connection connection = new Endpoint.UnixSocket(daemon.socket()).connect()) {
      connection.setPatience(Duration.ofMillis(50));
      connection.send("GET /slow HTTP/1.1\r\n\r\n".getBytes(UTF_8));
      assertThatThrownBy(() -> connection.input().read())
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("no answer");
    } finally {
      over.countDown();
    }
  }

  /// Otherwise whoever closes an image would wait for its engine.
  @Test
  void closingEndsAnExportThatHangs() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    daemon.on(
        EXPORT,
        target -> {
          target.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
          target.flush();
          over.await();
        });
    Image image = open();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                EngineFixtures.layers(image);
              } catch (IOException closed) {
                over.countDown();
              }
            });
    while (!daemon.asked().contains(EXPORT)) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    TimeUnit.MILLISECONDS.sleep(100);
    image.close();
    reader.join();
    assertThat(over.getCount()).isZero();
  }

  @Test
  void namesWhatWasFound() throws IOException {
    InspectedImage image = docker().inspect("machine").orElseThrow();
    assertThat(image.nameFor("machine")).isEqualTo("localhost/machine:latest");
    List<String> names = List.of("localhost/other:1", "localhost/machine:latest");
    assertThat(
            new InspectedImage(image.id(), names, image.config(), List.of())
                .nameFor("localhost/machine"))
        .isEqualTo("localhost/machine:latest");
    assertThat(image.nameFor("1f1f")).isEqualTo("localhost/machine:latest");
    assertThat(
            new InspectedImage(image.id(), List.of(), image.config(), List.of()).nameFor("machine"))
        .isEqualTo("sha256:1f1f1f1f1f1f");
  }
}
