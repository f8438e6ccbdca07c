package io.github.container2boot.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.LayoutBuilder;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.oci.registry.FakeRegistry.Received;
import io.github.container2boot.oci.registry.FakeRegistry.Reply;
import io.github.container2boot.testing.Layers;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Images from a registry of ours, which does as it should and much else.
@Timeout(60)
class RegistryTest {
  private static final int LARGE = 3_000_000;

  @TempDir Path home;

  private RegistryFixture fixture;
  private FakeRegistry registry;

  @BeforeEach
  void start() throws IOException {
    fixture = new RegistryFixture(home);
    registry = FakeRegistry.start();
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private final byte[] lower = RegistryFixture.archive(1, LARGE);
  private final byte[] upper = RegistryFixture.archive(2, 300_000);

  private String machine() {
    registry.with(new LayoutBuilder().image("latest", lower, upper));
    return registry.host() + "/machine";
  }

  private List<byte[]> layers(String name) throws IOException {
    return RegistryFixture.layers(fixture.open(name));
  }

  private void assertPulled(String name) throws IOException {
    assertThat(layers(name)).containsExactly(lower, upper);
  }

  /// Why the image cannot be had.
  private RegistryException.Problem problem(String name) {
    AtomicReference<RegistryException.Problem> found = new AtomicReference<>();
    assertThatThrownBy(() -> layers(name))
        .isInstanceOfSatisfying(RegistryException.class, problem -> found.set(problem.problem()));
    return found.get();
  }

  private static Function<Received, Optional<Reply>> always(String kind, Reply reply) {
    return request -> request.isFor(kind) ? Optional.of(reply) : Optional.empty();
  }

  /// These answers, one a request, and what is right from then on.
  private static Function<Received, Optional<Reply>> first(String kind, Reply... replies) {
    Iterator<Reply> left = List.of(replies).iterator();
    return request -> {
      synchronized (left) {
        return request.isFor(kind) && left.hasNext() ? Optional.of(left.next()) : Optional.empty();
      }
    };
  }

  private Function<Received, Optional<Reply>> changed(String kind, Function<Reply, Reply> change) {
    return request ->
        request.isFor(kind) ? Optional.of(change.apply(registry.right(request))) : Optional.empty();
  }

  @Test
  void asksForNothingTwice() throws IOException {
    String name = machine();
    assertPulled(name);
    assertThat(registry.targets()).hasSize(4).doesNotHaveDuplicates();
    assertThat(registry.targets().getFirst()).isEqualTo("/v2/machine/manifests/latest");
    assertThat(registry.requests().getFirst().header("accept").orElseThrow())
        .contains("oci.image.index.v1+json", "oci.image.manifest.v1+json")
        .contains("manifest.list.v2+json", "distribution.manifest.v2+json");
  }

  @Test
  void fetchesNoLayerBeforeItIsRead() throws IOException {
    try (Image image = fixture.open(machine())) {
      assertThat(image.layers()).hasSize(2);
      assertThat(image.digest().orElseThrow()).hasToString(registry.digestOf("latest"));
      assertThat(image.config().platform().orElseThrow()).hasToString("linux/amd64");
    }
    assertThat(registry.requests()).hasSize(2);
  }

  @Test
  void pullsByDigest() throws IOException {
    String name = machine();
    assertPulled(name + "@" + registry.digestOf("latest"));
    assertPulled(name + ":other@" + registry.digestOf("latest"));
    String wrong = "sha256:" + "0".repeat(64);
    registry.rule(request ->
        request.target().endsWith(wrong)
            ? Optional.of(
                Reply.of(
                    200,
                    Map.of("Content-Type", LayoutBuilder.MANIFEST),
                    registry.blob(registry.digestOf("latest"))))
            : Optional.empty());
    assertThat(problem(name + "@" + wrong))
        .isEqualTo(
            new RegistryException.BadAnswer(
                registry.host(), "the manifest " + wrong, "other bytes"));
  }

  @Test
  void choosesAmongPlatforms() throws IOException {
    registry.with(new LayoutBuilder().index("many", "linux/arm64", "linux/amd64", "linux/riscv64"));
    String name = registry.host() + "/a/b:many";
    assertThat(layers(name)).hasSize(1);
    assertThat(registry.requests()).hasSize(4);
    fixture.platform = Optional.of(io.github.container2boot.oci.Platform.parse("linux/s390x"));
    assertThatThrownBy(() -> layers(name))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("docker://" + name + " holds no image for linux/s390x")
        .hasMessageContaining("linux/amd64, linux/arm64, linux/riscv64");
  }

  @Test
  void readsAConfigurationOnceThoughItIsAskedForTwice() throws IOException {
    fixture.platform = Optional.of(io.github.container2boot.oci.Platform.parse("linux/amd64"));
    fixture.open(machine()).close();
    assertThat(registry.targets()).hasSize(2);
  }

  @Test
  void goesOnWhereAConnectionWasCut() throws IOException {
    String name = machine();
    Random random = new Random(42);
    AtomicInteger cuts = new AtomicInteger();
    registry.rule(request -> {
      Reply right = registry.right(request);
      boolean cut = right.body().length > 1 << 20 && cuts.incrementAndGet() <= 10;
      return cut ? Optional.of(right.cutAfter(random.nextInt(LARGE / 11))) : Optional.empty();
    });
    assertPulled(name);
    assertThat(cuts.get()).isGreaterThan(10);
    long size = registry.blob(largest()).length;
    assertThat(registry.sentBytes(largest())).isEqualTo(size);
    assertThat(fixture.waits).allMatch(wait -> wait.compareTo(Duration.ofSeconds(4)) <= 0);
    assertThat(registry.requests())
        .filteredOn(request -> request.header("range").isPresent())
        .hasSize(10);
  }

  @Test
  void goesOnWhereAConnectionWasReset() throws IOException {
    String name = machine();
    AtomicInteger cuts = new AtomicInteger();
    registry.rule(request -> {
      Reply right = registry.right(request);
      boolean cut = right.body().length > 1 << 20 && cuts.incrementAndGet() <= 3;
      return cut ? Optional.of(right.resetAfter(500_000)) : Optional.empty();
    });
    assertPulled(name);
  }

  private String largest() {
    return registry.targets().stream()
        .filter(target -> target.contains("/blobs/"))
        .map(target -> target.substring(target.lastIndexOf('/') + 1))
        .filter(digest -> registry.blob(digest).length > 1 << 20)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void readsPastWhatItHasWhereNoRangesAreKnown() throws IOException {
    String name = machine();
    AtomicInteger cuts = new AtomicInteger();
    registry.rule(request -> {
      byte[] blob = registry.blob(request.target().replaceFirst(".*/", ""));
      boolean large = blob != null && blob.length > 1 << 20;
      Reply whole = Reply.of(200, Map.of(), large ? blob : new byte[0]);
      return large
          ? Optional.of(cuts.getAndIncrement() == 0 ? whole.cutAfter(1_000_000) : whole)
          : Optional.empty();
    });
    assertPulled(name);
    assertThat(fixture.notes)
        .contains(registry.host() + " knows no ranges: 1000000 bytes are fetched again");
  }

  @Test
  void aWrongRangeIsAnError() {
    String name = machine();
    for (String range : List.of("bytes 0-9/10", "bytes 5-", "", "bytes 9-9/99999999999999999999")) {
      registry.rule(
          changed(
              "blobs",
              right ->
                  right.status() == 206
                      ? right.with("Content-Range", range)
                      : right.body().length > 1 << 20 ? right.cutAfter(100_000) : right));
      assertThat(problem(name)).isInstanceOf(RegistryException.BadAnswer.class);
    }
  }

  @Test
  void aConnectionThatIsCutForEverIsAnError() {
    String name = machine();
    registry.rule(
        changed("blobs", right -> right.body().length > 1 << 18 ? right.cutAfter(7) : right));
    assertThat(problem(name))
        .isInstanceOfSatisfying(
            RegistryException.GaveUp.class, problem -> assertThat(problem.times()).isEqualTo(4));
    assertThat(fixture.waits)
        .containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void aServerThatDribblesIsAnError() {
    fixture.stall = Duration.ofMillis(200);
    String name = machine();
    registry.rule(
        changed("blobs", right -> right.body().length > 1 << 18 ? right.dribbling(0, 50) : right));
    assertThat(problem(name))
        .isEqualTo(
            new RegistryException.GaveUp(registry.host(), "fewer than 1024 bytes in 0.2 s", 4));
  }

  @Test
  void aSlowReaderIsNoDribblingServer() throws Exception {
    fixture.stall = Duration.ofMillis(200);
    try (Image image = fixture.open(machine());
        InputStream layer = Layers.open(image, 0)) {
      assertThat(layer.readNBytes(100_000)).isEqualTo(Arrays.copyOf(lower, 100_000));
      Thread.sleep(500);
      assertThat(layer.readAllBytes()).hasSize(lower.length - 100_000);
    }
    assertThat(fixture.waits).isEmpty();
  }

  @Test
  void liesAboutSizesAreErrors() {
    String name = machine();
    registry.rule(changed("blobs", right -> right.saying(Arrays.copyOf(right.body(), 10))));
    assertThat(problem(name)).isInstanceOf(RegistryException.BadAnswer.class);
    registry.rule(
        changed(
            "blobs",
            right ->
                right
                    .saying(Arrays.copyOf(right.body(), right.body().length + 1))
                    .with("Content-Length", "")));
    assertThat(problem(name)).isInstanceOf(RegistryException.BadAnswer.class);
  }

  @Test
  void moreBytesThanThereShouldBeAreAnError() {
    String name = machine();
    registry.rule(
        changed(
            "blobs",
            right ->
                right.body().length > 1 << 20
                    ? right
                        .saying(Arrays.copyOf(right.body(), right.body().length + 1))
                        .with("Content-Length", "")
                    : right));
    assertThat(problem(name))
        .isInstanceOfSatisfying(
            RegistryException.BadAnswer.class,
            problem -> assertThat(problem.found()).isEqualTo("more"));
  }

  @Test
  void otherBytesAreErrors() {
    String name = machine();
    registry.rule(
        changed(
            "blobs",
            right -> {
              byte[] other = right.body().clone();
              other[other.length - 1] ^= 1;
              return right.saying(other);
            }));
    assertThatThrownBy(() -> layers(name))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("configuration")
        .hasMessageContaining("expected digest");
  }

  @Test
  void aManifestMustHaveTheDigestTheRegistrySays() {
    String name = machine();
    registry.rule(
        changed(
            "manifests", right -> right.with("Docker-Content-Digest", "sha256:" + "1".repeat(64))));
    assertThat(problem(name)).isInstanceOf(RegistryException.BadAnswer.class);
    registry.rule(changed("manifests", right -> right.with("Docker-Content-Digest", "nonsense")));
    assertThat(problem(name)).isInstanceOf(RegistryException.BadAnswer.class);
  }

  @Test
  void aManifestMustBeWhatTheRegistrySays() {
    String name = machine();
    registry.rule(changed("manifests", right -> right.with("Content-Type", LayoutBuilder.INDEX)));
    assertThatThrownBy(() -> layers(name)).isInstanceOf(FormatException.class);
  }

  @Test
  void aManifestIsNotReadWithoutEnd() {
    String name = machine();
    registry.rule(
        always("manifests", Reply.of(200, Map.of("Content-Length", ""), new byte[5 << 20])));
    assertThat(problem(name))
        .isInstanceOfSatisfying(
            RegistryException.BadAnswer.class,
            problem -> assertThat(problem.expected()).contains("at most 4194304 bytes"));
  }

  @Test
  void nothingIsDecompressedThatNobodyAskedToCompress() {
    String name = machine();
    registry.rule(changed("blobs", right -> right.with("Content-Encoding", "gzip")));
    assertThat(problem(name)).isInstanceOf(RegistryException.BadAnswer.class);
  }

  @Test
  void noSuchImage() {
    String name = registry.host() + "/nothing:here";
    assertThat(problem(name)).isEqualTo(new RegistryException.NoSuchImage(name));
  }

  @Test
  void accessDenied() {
    registry.rule(always("manifests", Reply.of(403)));
    assertThat(problem(machine()))
        .isEqualTo(
            new RegistryException.AccessDenied(
                registry.host() + "/machine:latest", registry.host(), false));
  }

  @Test
  void aBusyRegistryIsAskedLater() throws IOException {
    registry.rule(
        first(
            "manifests",
            Reply.of(429).with("Retry-After", "7"),
            Reply.of(503).with("Retry-After", "Sat, 31 Jan 2026 12:01:30 GMT"),
            Reply.of(500)));
    assertPulled(machine());
    assertThat(fixture.waits)
        .containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(90), Duration.ofSeconds(2));
    assertThat(fixture.notes.getFirst())
        .isEqualTo(registry.host() + ": asked too often (status 429); trying again in 7.0 s");
  }

  @Test
  void nobodyWaitsForAnHour() {
    registry.rule(always("manifests", Reply.of(429).with("Retry-After", "3600")));
    assertThat(problem(machine()))
        .isEqualTo(new RegistryException.Busy(registry.host(), Duration.ofHours(1)));
    assertThat(fixture.waits).isEmpty();
  }

  @Test
  void aRegistryThatFailsForEverIsAnError() {
    registry.rule(always("blobs", Reply.of(502)));
    assertThat(problem(machine()))
        .isEqualTo(new RegistryException.GaveUp(registry.host(), "status 502", 4));
  }

  @Test
  void nobodyThere() throws IOException {
    registry.close();
    assertThat(problem(registry.host() + "/machine"))
        .isEqualTo(new RegistryException.Unreachable(registry.host(), "connection refused"));
    assertThat(problem("registry.invalid/machine"))
        .isEqualTo(new RegistryException.Unreachable("registry.invalid", "no such host"));
    assertThat(problem("localhost:99999/machine"))
        .isInstanceOf(RegistryException.Unreachable.class);
  }

  @Test
  void plainHttpMustBeAllowed() {
    fixture.verifyTls = Optional.of(true);
    assertThat(problem(machine())).isInstanceOf(RegistryException.NoTls.class);
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void followsRedirects() throws IOException {
    String name = machine();
    try (FakeRegistry other = FakeRegistry.start()) {
      other.with(new LayoutBuilder().image("latest", lower, upper));
      registry.rule(request ->
          request.isFor("blobs")
              ? Optional.of(
                  Reply.of(307).with("Location", other.address() + request.target() + "?sig=1"))
              : Optional.empty());
      other.rule(request ->
          Optional.of(
              other.right(
                  new Received(
                      "GET", request.target().replace("?sig=1", ""), request.headers(), ""))));
      assertPulled(name);
      assertThat(other.requests()).hasSize(3);
    }
  }

  @Test
  void redirectsHaveAnEnd() {
    registry.rule(always("manifests", Reply.of(302).with("Location", "/v2/machine/manifests/x")));
    assertThat(problem(machine())).isInstanceOf(RegistryException.BadAnswer.class);
    assertThat(registry.requests()).hasSize(6);
    registry.rule(always("blobs", Reply.of(302).with("Location", "file:///etc/passwd")));
  }

  @Test
  void redirectsLeadToWebServersOnly() {
    for (String target : List.of("file:///etc/passwd", "", "https://", "::", "ftp://x/")) {
      registry.rule(always("manifests", Reply.of(302).with("Location", target)));
      assertThat(problem(machine()))
          .isInstanceOfSatisfying(
              RegistryException.BadAnswer.class,
              problem -> assertThat(problem.expected()).isEqualTo("a redirect to an address"));
    }
  }

  @Test
  void closingEndsARead() throws Exception {
    String name = machine();
    registry.rule(
        changed(
            "blobs",
            right -> right.body().length > 1 << 20 ? right.dribbling(1 << 17, 100) : right));
    try (Image image = fixture.open(name)) {
      InputStream layer = Layers.open(image, 0);
      CountDownLatch reading = new CountDownLatch(1);
      AtomicReference<Throwable> ended = new AtomicReference<>();
      Thread reader =
          Thread.ofPlatform()
              .start(() -> {
                reading.countDown();
                try {
                  layer.readAllBytes();
                } catch (IOException stopped) {
                  ended.set(stopped);
                }
              });
      reading.await();
      Thread.sleep(50);
      layer.close();
      reader.join(2000);
      assertThat(reader.isAlive()).isFalse();
      assertThat(ended.get()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anInterruptionEndsAWaitForAnAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      fixture.verifyTls = Optional.of(false);
      AtomicReference<Throwable> ended = new AtomicReference<>();
      Thread puller =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  layers("127.0.0.1:" + silent.getLocalPort() + "/machine");
                } catch (IOException stopped) {
                  ended.set(stopped);
                }
              });
      Thread.sleep(300);
      puller.interrupt();
      puller.join(2000);
      assertThat(puller.isAlive()).isFalse();
      assertThat(ended.get()).isInstanceOf(InterruptedIOException.class);
    }
  }
}
