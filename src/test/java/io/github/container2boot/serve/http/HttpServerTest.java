package io.github.container2boot.serve.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A real server on loopback, asked by Java's client, by curl and wget, and by bare sockets.
@Timeout(60)
class HttpServerTest {
  private static final byte[] ROOT = noise(1_000_003);
  private static final Instant MODIFIED = Instant.parse("2026-11-01T12:00:00.5Z");
  private static final String LAST_MODIFIED = "Sun, 01 Nov 2026 12:00:00 GMT";
  private static final String TAG = EntityTag.of(ROOT).toString();

  @TempDir Path temporary;
  private final List<String> traffic = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final CompletableFuture<Resource.Body> late = new CompletableFuture<>();
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    server = start(HttpSettings.loopback());
  }

  private HttpServer start(HttpSettings settings) throws IOException {
    Site site =
        Site.of(
            Map.of(
                "/deb/squashfs.img", resource(ROOT),
                "/empty", resource(new byte[0]),
                "/late", Resource.of(4, late, MODIFIED),
                "/broken", broken()));
    return HttpServer.start(settings, site, this::began);
  }

  private TrafficObserver.Exchange began(ClientRequest request, int status, long bodyBytes) {
    return new TrafficObserver.Exchange() {
      private long sent;

      @Override
      public void sent(long bytes) {
        sent += bytes;
      }

      @Override
      public void ended(boolean complete) {
        traffic.add(
            "%s %s %d %d/%d %s"
                .formatted(request.method(), request.path(), status, sent, bodyBytes, complete));
      }
    };
  }

  private static Resource resource(byte[] bytes) {
    Resource.Body body = new Resource.Body(Content.of(bytes), EntityTag.of(bytes));
    return Resource.of(bytes.length, CompletableFuture.completedFuture(body), MODIFIED);
  }

  /// Its second half cannot be read.
  private static Resource broken() {
    Content content =
        new Content() {
          @Override
          public long sizeBytes() {
            return ROOT.length;
          }

          @Override
          public void read(long offsetBytes, ByteBuffer target) throws IOException {
            if (offsetBytes + target.remaining() > ROOT.length / 2) {
              throw new IOException("damaged");
            }
            target.put(ROOT, (int) offsetBytes, target.remaining());
          }

          @Override
          public void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate((int) countBytes);
            read(offsetBytes, bytes);
            sink.data(bytes.flip());
          }
        };
    Resource.Body body = new Resource.Body(content, EntityTag.of(ROOT));
    return Resource.of(ROOT.length, CompletableFuture.completedFuture(body), MODIFIED);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    client.close();
  }

  @Test
  void theWhole() throws Exception {
    HttpResponse<byte[]> response = get("/deb/squashfs.img");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(ROOT);
    assertThat(header(response, "ETag")).isEqualTo(TAG);
    assertThat(header(response, "Last-Modified")).isEqualTo(LAST_MODIFIED);
    assertThat(header(response, "Accept-Ranges")).isEqualTo("bytes");
    assertThat(header(response, "Content-Length")).isEqualTo("" + ROOT.length);
    assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(response.headers().firstValue("Server")).isEmpty();
    awaitTraffic("GET /deb/squashfs.img 200 1000003/1000003 true");
  }

  @Test
  void nothingAtAll() throws Exception {
    assertThat(get("/empty").body()).isEmpty();
    assertThat(get("/empty").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-0", "bytes=131071-131073", "bytes=-7", "bytes=999999-"})
  void aRange(String range) throws Exception {
    HttpResponse<byte[]> response = get("/deb/squashfs.img", "Range", range);
    assertThat(response.statusCode()).isEqualTo(206);
    RangeRequest.Parts parts = (RangeRequest.Parts) RangeRequest.parse(range, ROOT.length);
    assertThat(response.body()).isEqualTo(slice(parts.ranges().getFirst()));
    assertThat(header(response, "Content-Range"))
        .isEqualTo(parts.ranges().getFirst().contentRange(ROOT.length));
    assertThat(header(response, "ETag")).isEqualTo(TAG);
  }

  @Test
  void severalRanges() throws Exception {
    HttpResponse<byte[]> response = get("/deb/squashfs.img", "Range", "bytes=5-9,-3");
    assertThat(response.statusCode()).isEqualTo(206);
    String type = header(response, "Content-Type");
    assertThat(type).startsWith("multipart/byteranges; boundary=");
    String boundary = type.substring(type.indexOf('=') + 1);
    String expected =
        """
        \r
        --%1$s\r
        Content-Type: application/octet-stream\r
        Content-Range: bytes 5-9/1000003\r
        \r
        %2$s\r
        --%1$s\r
        Content-Type: application/octet-stream\r
        Content-Range: bytes 1000000-1000002/1000003\r
        \r
        %3$s\r
        --%1$s--\r
        """
            .formatted(
                boundary,
                new String(ROOT, 5, 5, ISO_8859_1),
                new String(ROOT, 1_000_000, 3, ISO_8859_1));
    assertThat(new String(response.body(), ISO_8859_1)).isEqualTo(expected);
  }

  @Test
  void aRangeThatIsNot() throws Exception {
    HttpResponse<byte[]> response = get("/deb/squashfs.img", "Range", "bytes=1000003-");
    assertThat(response.statusCode()).isEqualTo(416);
    assertThat(header(response, "Content-Range")).isEqualTo("bytes */1000003");
  }

  @Test
  void aRangeOfWhatItWas() throws Exception {
    String path = "/deb/squashfs.img";
    assertThat(get(path, "Range", "bytes=1-2", "If-Range", TAG).statusCode()).isEqualTo(206);
    assertThat(get(path, "Range", "bytes=1-2", "If-Range", "\"other\"").statusCode())
        .isEqualTo(200);
    assertThat(get(path, "Range", "bytes=1-2", "If-Range", "W/" + TAG).statusCode()).isEqualTo(200);
    assertThat(get(path, "Range", "bytes=1-2", "If-Range", LAST_MODIFIED).statusCode())
        .isEqualTo(206);
    assertThat(
            get(path, "Range", "bytes=1-2", "If-Range", "Sun, 01 Nov 2026 12:00:01 GMT")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void conditions() throws Exception {
    String path = "/deb/squashfs.img";
    assertThat(get(path, "If-None-Match", "\"a\", " + TAG).statusCode()).isEqualTo(304);
    assertThat(get(path, "If-None-Match", "W/" + TAG).statusCode()).isEqualTo(304);
    assertThat(get(path, "If-None-Match", "*").statusCode()).isEqualTo(304);
    assertThat(get(path, "If-None-Match", "\"a\"").statusCode()).isEqualTo(200);
    assertThat(get(path, "If-Match", TAG).statusCode()).isEqualTo(200);
    assertThat(get(path, "If-Match", "W/" + TAG).statusCode()).isEqualTo(412);
    assertThat(get(path, "If-Match", "\"a\"").statusCode()).isEqualTo(412);
    assertThat(get(path, "If-Modified-Since", LAST_MODIFIED).statusCode()).isEqualTo(304);
    assertThat(get(path, "If-Modified-Since", "Sunday, 01-Nov-26 12:00:00 GMT").statusCode())
        .isEqualTo(304);
    assertThat(get(path, "If-Modified-Since", "Sun Nov  1 11:59:59 2026").statusCode())
        .isEqualTo(200);
    assertThat(get(path, "If-Modified-Since", "yesterday").statusCode()).isEqualTo(200);
    assertThat(get(path, "If-Unmodified-Since", LAST_MODIFIED).statusCode()).isEqualTo(200);
    assertThat(get(path, "If-Unmodified-Since", "Sat, 31 Oct 2026 12:00:00 GMT").statusCode())
        .isEqualTo(412);
    HttpResponse<byte[]> known = get(path, "If-None-Match", TAG);
    assertThat(known.body()).isEmpty();
    assertThat(header(known, "ETag")).isEqualTo(TAG);
  }

  @Test
  void headIsTheSameWithoutABody() throws Exception {
    HttpResponse<byte[]> response = send("HEAD", "/deb/squashfs.img", "Range", "bytes=0-0");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(header(response, "Content-Length")).isEqualTo("" + ROOT.length);
    assertThat(header(response, "ETag")).isEqualTo(TAG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"})
  void onlyReading(String method) throws Exception {
    String answer = raw(method + " /deb/squashfs.img HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 405 ").contains("Allow: GET, HEAD");
  }

  /// There is no file system behind the names, and what could be meant for one is refused.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../../etc/passwd",
        "/deb/../../etc/passwd",
        "/deb/%2e%2e/%2e%2e/etc/passwd",
        "/deb/..%2f..%2fetc/passwd",
        "/deb/..%5c..%5cetc/passwd",
        "//etc/passwd",
        "/etc/passwd",
        "/deb",
        "/deb/",
        "/deb/squashfs.img/",
        "/deb/squashfs.img%00",
        "/%ff%fe",
        "/deb;a=b/x",
        "/deb/squashfs.img/..;/..;/etc/passwd",
        "file:///etc/passwd",
        "http://b/etc/passwd"
      })
  void nothingElseIsThere(String path) throws Exception {
    String answer = raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assertThat(answer).matches("(?s)HTTP/1.1 (404|400) .*").doesNotContain("root:");
  }

  @Test
  void headsHaveALimit() throws Exception {
    String answer = raw("GET /empty HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(9000) + "\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 431 ");
    assertThat(raw("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
        .startsWith("HTTP/1.1 414 ");
  }

  @Test
  void noiseGetsNoAnswerButAnError() throws Exception {
    Random random = new Random(3);
    for (int round = 0; round < 50; round++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      String answer = raw(new String(bytes, ISO_8859_1) + "\r\n\r\n");
      assertThat(answer).doesNotStartWith("HTTP/1.1 2");
    }
    assertThat(get("/empty").statusCode()).isEqualTo(200);
  }

  /// Old firmware and old GRUBs.
  @Test
  void http10() throws Exception {
    String answer = raw("GET /deb/squashfs.img HTTP/1.0\r\nRange: bytes=0-3\r\n\r\n");
    assertThat(answer)
        .startsWith("HTTP/1.")
        .contains(" 206 ")
        .endsWith(new String(ROOT, 0, 4, ISO_8859_1));
  }

  @Test
  void severalRequestsOnOneConnection() throws Exception {
    String request = "GET /deb/squashfs.img HTTP/1.1\r\nHost: a\r\nRange: bytes=0-3\r\n";
    String answers =
        raw(request + "\r\n" + request + "\r\n" + request + "Connection: close\r\n\r\n");
    assertThat(answers.split("HTTP/1.1 206 ", -1)).hasSize(4);
  }

  @Test
  void whatIsNotReadyIsWaitedFor() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> waiting =
        client.sendAsync(request("GET", "/late"), BodyHandlers.ofByteArray());
    assertThat(get("/empty").statusCode()).isEqualTo(200);
    assertThat(waiting).isNotDone();
    late.complete(resource("done".getBytes(US_ASCII)).body().join());
    assertThat(waiting.get(10, TimeUnit.SECONDS).body()).isEqualTo("done".getBytes(US_ASCII));
  }

  /// Whoever has to wait for the server is not too slow.
  @Test
  void waitingIsNobodysFault() throws Exception {
    try (HttpServer strict = start(HttpSettings.loopback().withPatience(Duration.ofMillis(300)))) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(strict.origin().url("/late"))).build();
      CompletableFuture<HttpResponse<byte[]>> waiting =
          client.sendAsync(request, BodyHandlers.ofByteArray());
      Thread.sleep(1500);
      assertThat(waiting).isNotDone();
      late.complete(resource("done".getBytes(US_ASCII)).body().join());
      assertThat(waiting.get(10, TimeUnit.SECONDS).body()).isEqualTo("done".getBytes(US_ASCII));
    }
  }

  @Test
  void whatCannotBeReadIsAnError() throws Exception {
    late.completeExceptionally(new IOException("no"));
    assertThat(get("/late").statusCode()).isEqualTo(500);
    assertThat(new String(get("/late").body(), US_ASCII)).doesNotContain("no ");
  }

  /// Half a file with the length of the whole must not look like the whole.
  @Test
  void whatBreaksOnTheWayIsCutOff() {
    assertThatThrownBy(() -> get("/broken")).isInstanceOf(IOException.class);
    awaitTraffic(traffic -> traffic.startsWith("GET /broken 200 ") && traffic.endsWith(" false"));
  }

  @Test
  void theOriginIsWhatTheClientSays() throws Exception {
    List<Origin> origins = new ArrayList<>();
    Site site =
        request -> {
          origins.add(request.origin());
          return Optional.empty();
        };
    try (HttpServer other =
        HttpServer.start(HttpSettings.loopback(), site, TrafficObserver.none())) {
      int port = other.address().getPort();
      for (String host :
          List.of("Boot.example:8080", "10.0.0.1", "[fd00::1]:81", "a'b", "a b", "")) {
        raw(other, "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
      }
      raw(other, "GET / HTTP/1.0\r\n\r\n");
      assertThat(origins)
          .extracting(origin -> origin.url("/x"))
          .contains(
              "http://boot.example:8080/x",
              "http://10.0.0.1/x",
              "http://[fd00::1]:81/x",
              "http://127.0.0.1:%d/x".formatted(port))
          .noneMatch(url -> url.contains("'") || url.contains(" "));
    }
  }

  @Test
  void whoTakesOneByteAtATimeIsCutOff() throws Exception {
    try (HttpServer strict = start(HttpSettings.loopback().withPatience(Duration.ofMillis(400)));
        Socket slow = new Socket(strict.address().getAddress(), strict.address().getPort())) {
      slow.getOutputStream().write("GET /emp".getBytes(US_ASCII));
      assertThat(dripUntilCut(slow)).isTrue();
    }
  }

  private static boolean dripUntilCut(Socket slow) throws Exception {
    for (int count = 0; count < 200; count++) {
      Thread.sleep(50);
      try {
        slow.getOutputStream().write('x');
      } catch (IOException cut) {
        return true;
      }
    }
    return false;
  }

  @Test
  void whoReadsTooSlowlyIsCutOff() throws Exception {
    byte[] large = new byte[64 << 20];
    Site site = Site.of(Map.of("/large", resource(large)));
    HttpSettings settings = HttpSettings.loopback().withPatience(Duration.ofMillis(400));
    try (HttpServer strict = HttpServer.start(settings, site, this::began);
        Socket slow = new Socket()) {
      slow.setReceiveBufferSize(4096);
      slow.connect(strict.address());
      slow.getOutputStream().write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
      InputStream in = slow.getInputStream();
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (traffic.isEmpty() && System.nanoTime() < until) {
        Thread.sleep(20);
        if (in.read() < 0) {
          break;
        }
      }
      awaitTraffic(line -> line.startsWith("GET /large 200 ") && line.endsWith(" false"));
    }
  }

  @Test
  void connectionsHaveALimit() throws Exception {
    try (HttpServer small = start(HttpSettings.loopback().withMostConnections(2))) {
      List<Socket> open = new ArrayList<>();
      try {
        for (int count = 0; count < 2; count++) {
          Socket socket = connect(small);
          open.add(socket);
          socket
              .getOutputStream()
              .write("GET /empty HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
          assertThat(socket.getInputStream().read()).isEqualTo('H');
        }
        Socket third = connect(small);
        open.add(third);
        third.setSoTimeout(300);
        third.getOutputStream().write("GET /empty HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
        assertThatThrownBy(() -> third.getInputStream().read())
            .isInstanceOf(java.net.SocketTimeoutException.class);
        open.removeFirst().close();
        third.setSoTimeout(10_000);
        assertThat(third.getInputStream().read()).isEqualTo('H');
      } finally {
        for (Socket socket : open) {
          socket.close();
        }
      }
    }
  }

  @Test
  void aPortInUseIsSaid() {
    assertThatThrownBy(() -> start(HttpSettings.of(server.address())))
        .isInstanceOf(BindException.class);
  }

  @Test
  void nobodyIsServedAfterTheEnd() throws Exception {
    server.close();
    assertThatThrownBy(() -> connect(server)).isInstanceOf(Exception.class);
  }

  @Test
  void manyAtOnce() throws Exception {
    List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
    for (int count = 0; count < 60; count++) {
      all.add(client.sendAsync(request("GET", "/deb/squashfs.img"), BodyHandlers.ofByteArray()));
    }
    for (CompletableFuture<HttpResponse<byte[]>> one : all) {
      assertThat(one.get(30, TimeUnit.SECONDS).body()).isEqualTo(ROOT);
    }
  }

  @Test
  void curlAndWgetGoOnWhereTheyBroke() throws Exception {
    Tools.require("curl", "wget");
    String url = server.origin().url("/deb/squashfs.img");
    assertThat(Tools.run("curl", "-sS", "-r", "0-3,9-10", url)).contains("Content-Range");
    Path file = temporary.resolve("squashfs.img");
    for (List<Object> command :
        List.<List<Object>>of(
            List.of("curl", "-sS", "-f", "-C", "-", "-o", file, url),
            List.of("wget", "-q", "-c", "-O", file, url))) {
      Files.write(file, Arrays.copyOf(ROOT, 333_333));
      Tools.run(command.toArray());
      assertThat(Files.readAllBytes(file)).isEqualTo(ROOT);
    }
    Path time = temporary.resolve("known");
    Tools.run("curl", "-sS", "--etag-save", time, "-o", file, url);
    assertThat(
            Tools.run("curl", "-sS", "--etag-compare", time, "-o", file, "-w", "%{http_code}", url))
        .isEqualTo("304");
  }

  /// Regions of files are sent by the kernel, and must not come out otherwise than bytes do.
  @Test
  void contentsOfEveryKind() throws Exception {
    Path file = Files.write(temporary.resolve("file"), noise(3_000_000));
    Random random = new Random(11);
    try (FileChannel channel = FileChannel.open(file)) {
      List<Content> parts = new ArrayList<>();
      for (int count = 0; count < 60; count++) {
        int sizeBytes = random.nextInt(count % 3 == 0 ? 900_000 : 40_000);
        parts.add(
            switch (random.nextInt(5)) {
              case 0 -> Content.of(noise(sizeBytes));
              case 1 -> Content.hole(sizeBytes);
              default -> Content.ofFile(channel, random.nextInt(2_000_000), sizeBytes);
            });
      }
      Content whole = Content.concatenation(parts);
      byte[] bytes = whole.toByteArray();
      Resource.Body body = new Resource.Body(whole, EntityTag.of(bytes));
      Resource resource =
          Resource.of(bytes.length, CompletableFuture.completedFuture(body), MODIFIED);
      try (HttpServer other =
          HttpServer.start(
              HttpSettings.loopback(), Site.of(Map.of("/x", resource)), TrafficObserver.none())) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(other.origin().url("/x")));
        assertThat(client.send(request.build(), BodyHandlers.ofByteArray()).body())
            .isEqualTo(bytes);
        for (int count = 0; count < 30; count++) {
          int first = random.nextInt(bytes.length);
          int last = first + random.nextInt(bytes.length - first);
          request.setHeader("Range", "bytes=" + first + "-" + last);
          assertThat(client.send(request.build(), BodyHandlers.ofByteArray()).body())
              .isEqualTo(Arrays.copyOfRange(bytes, first, last + 1));
        }
      }
    }
  }

  /// A file that became shorter is no reason to wait for ever, nor to send something else.
  @Test
  void aFileThatIsCutIsCutOff() throws Exception {
    Path file = Files.write(temporary.resolve("file"), noise(3_000_000));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Content whole = Content.ofFile(channel, 0, channel.size());
      Resource.Body body = new Resource.Body(whole, EntityTag.of(new byte[0]));
      Resource resource =
          Resource.of(whole.sizeBytes(), CompletableFuture.completedFuture(body), MODIFIED);
      channel.truncate(1_000_000);
      try (HttpServer other =
          HttpServer.start(
              HttpSettings.loopback(), Site.of(Map.of("/x", resource)), TrafficObserver.none())) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(other.origin().url("/x"))).build();
        assertThatThrownBy(() -> client.send(request, BodyHandlers.ofByteArray()))
            .isInstanceOf(IOException.class);
      }
    }
  }

  private byte[] slice(ByteRange range) {
    return Arrays.copyOfRange(ROOT, (int) range.first(), (int) range.last() + 1);
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    return send("GET", path, headers);
  }

  private HttpResponse<byte[]> send(String method, String path, String... headers)
      throws Exception {
    return client.send(request(method, path, headers), BodyHandlers.ofByteArray());
  }

  private HttpRequest request(String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.origin().url(path)))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  private String raw(String request) throws IOException {
    return raw(server, request);
  }

  /// What comes back until the server closes or has nothing more to say.
  private static String raw(HttpServer server, String request) throws IOException {
    try (Socket socket = connect(server)) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (java.net.SocketException cut) {
      return "";
    }
  }

  private static Socket connect(HttpServer server) throws IOException {
    return new Socket(server.address().getAddress(), server.address().getPort());
  }

  private void awaitTraffic(String line) {
    awaitTraffic(line::equals);
  }

  private void awaitTraffic(java.util.function.Predicate<String> wanted) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (traffic.stream().noneMatch(wanted)) {
      assertThat(System.nanoTime()).as(traffic.toString()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  private static byte[] noise(int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new Random(5).nextBytes(bytes);
    return bytes;
  }

  /// The tag is the digest that sha256sum(1) would print.
  @Test
  void theTagIsTheDigest() {
    assertThat(TAG).isEqualTo('"' + Digest.of(Digest.Algorithm.SHA256, ROOT).hex() + '"');
  }
}
