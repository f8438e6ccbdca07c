package io.github.container2boot.oci.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.oci.LayoutBuilder;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A registry on a port of the loopback that serves what is in image layouts, with ranges, and
/// misbehaves as told: to the byte, as it writes to sockets itself. It remembers every request.
public final class FakeRegistry implements Closeable {
  private static final Pattern TAGGED =
      Pattern.compile(
          "\"mediaType\":\"([^\"]+)\",\"digest\":\"([^\"]+)\",\"size\":[0-9]+,"
              + "\"annotations\":\\{\"org.opencontainers.image.ref.name\":\"([^\"]+)\"");
  private static final Pattern PATH = Pattern.compile("/v2/(.+)/(manifests|blobs)/([^/?]+)");
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-");

  private final ServerSocket server;
  private final String scheme;
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, String> types = new ConcurrentHashMap<>();
  private final Map<String, String> tags = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> sentBytes = new ConcurrentHashMap<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final List<Function<Received, Optional<Reply>>> rules = new CopyOnWriteArrayList<>();
  private final List<Received> requests = new CopyOnWriteArrayList<>();

  /// A request.
  ///
  /// @param target path and query
  /// @param headers by names in lower case
  public record Received(String method, String target, Map<String, String> headers, String body) {
    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    boolean isFor(String kind) {
      return target.contains("/" + kind + "/");
    }

    @Override
    public String toString() {
      return method + " " + target;
    }
  }

  /// An answer.
  ///
  /// @param sentBytes how many bytes of the body come before the connection ends
  /// @param reset whether it ends as if a cable was cut
  /// @param quickBytes how many bytes come at once if there are pauses
  /// @param pauseMillis before each further byte
  public record Reply(
      int status,
      Map<String, String> headers,
      byte[] body,
      long sentBytes,
      boolean reset,
      int quickBytes,
      long pauseMillis) {
    static Reply of(int status, Map<String, String> headers, byte[] body) {
      return new Reply(status, headers, body, body.length, false, 0, 0);
    }

    static Reply of(int status) {
      return of(status, Map.of(), new byte[0]);
    }

    static Reply json(String text) {
      return of(200, Map.of("Content-Type", "application/json"), LayoutBuilder.utf8(text));
    }

    Reply cutAfter(long bytes) {
      return new Reply(status, headers, body, Math.min(bytes, body.length), false, 0, 0);
    }

    Reply resetAfter(long bytes) {
      return new Reply(status, headers, body, Math.min(bytes, body.length), true, 0, 0);
    }

    Reply dribbling(int quick, long millis) {
      return new Reply(status, headers, body, body.length, false, quick, millis);
    }

    Reply with(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Reply(status, more, body, sentBytes, reset, quickBytes, pauseMillis);
    }

    Reply saying(byte[] other) {
      return of(status, headers, other);
    }
  }

  private FakeRegistry(ServerSocket server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    Thread.ofVirtual().start(this::accept);
  }

  public static FakeRegistry start() throws IOException {
    return new FakeRegistry(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http");
  }

  /// One behind `server`, which speaks TLS.
  static FakeRegistry start(ServerSocket server) {
    return new FakeRegistry(server, "https");
  }

  /// Takes in all blobs, and the tags of `index.json`.
  public FakeRegistry with(LayoutBuilder layout) {
    layout
        .files()
        .forEach((path, bytes) -> {
          if (path.startsWith("blobs/")) {
            blobs.put(path.substring(6).replace('/', ':'), bytes);
          }
        });
    Matcher tagged = TAGGED.matcher(new String(layout.files().get("index.json"), UTF_8));
    while (tagged.find()) {
      types.put(tagged.group(2), tagged.group(1));
      tags.put(tagged.group(3), tagged.group(2));
    }
    return this;
  }

  /// What `rule` answers, if it does, comes instead of what is right.
  FakeRegistry rule(Function<Received, Optional<Reply>> rule) {
    rules.add(rule);
    return this;
  }

  public String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  String address() {
    return scheme + "://" + host();
  }

  public List<Received> requests() {
    return List.copyOf(requests);
  }

  public List<String> targets() {
    return requests.stream().map(Received::target).toList();
  }

  public void forgetRequests() {
    requests.clear();
    sentBytes.clear();
  }

  /// How many bytes of what lies at targets that hold `part` were sent.
  long sentBytes(String part) {
    return sentBytes.entrySet().stream()
        .filter(entry -> entry.getKey().contains(part))
        .mapToLong(entry -> entry.getValue().get())
        .sum();
  }

  String digestOf(String tag) {
    return tags.get(tag);
  }

  byte[] blob(String digest) {
    return blobs.get(digest);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      for (Optional<Received> request = receive(in); request.isPresent(); request = receive(in)) {
        requests.add(request.get());
        if (!send(reply(request.get()), request.get(), connection)) {
          return;
        }
      }
    } catch (IOException broken) {
      // The client has had enough.
    } finally {
      connections.remove(connection);
    }
  }

  /// Empty if what comes is no HTTP, as with TLS.
  private static Optional<Received> receive(InputStream in) throws IOException {
    String[] request = line(in).split(" ");
    if (request.length != 3) {
      return Optional.empty();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), UTF_8);
    return Optional.of(new Received(request[0], request[1], headers, body));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int value = in.read(); value >= 0 && value != '\n' && line.size() < 8192; ) {
      line.write(value);
      value = line.size() == 1 && line.toByteArray()[0] == 0x16 ? -1 : in.read();
    }
    return line.toString(ISO_8859_1).strip();
  }

  private Reply reply(Received request) {
    for (Function<Received, Optional<Reply>> rule : rules) {
      Optional<Reply> reply = rule.apply(request);
      if (reply.isPresent()) {
        return reply.get();
      }
    }
    return right(request);
  }

  /// What a registry should answer.
  Reply right(Received request) {
    Matcher path = PATH.matcher(request.target());
    if (!path.matches()) {
      return Reply.of(404);
    }
    String digest = tags.getOrDefault(path.group(3), path.group(3));
    byte[] bytes = blobs.get(digest);
    if (bytes == null) {
      return Reply.of(404);
    }
    return path.group(2).equals("manifests") ? manifest(digest, bytes) : ranged(request, bytes);
  }

  private Reply manifest(String digest, byte[] bytes) {
    String type = types.getOrDefault(digest, LayoutBuilder.MANIFEST);
    return Reply.of(200, Map.of("Content-Type", type, "Docker-Content-Digest", digest), bytes);
  }

  private static Reply ranged(Received request, byte[] bytes) {
    Matcher range = RANGE.matcher(request.header("range").orElse(""));
    if (!range.matches()) {
      return Reply.of(200, Map.of(), bytes);
    }
    int start = Integer.parseInt(range.group(1));
    String sent = "bytes %d-%d/%d".formatted(start, bytes.length - 1, bytes.length);
    return Reply.of(
        206, Map.of("Content-Range", sent), Arrays.copyOfRange(bytes, start, bytes.length));
  }

  /// False if the connection ends with it.
  private boolean send(Reply reply, Received request, Socket connection) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>(reply.headers());
    headers.putIfAbsent("Content-Length", Integer.toString(reply.body().length));
    StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status() + " so\r\n");
    headers.forEach((name, value) -> {
      if (!value.isEmpty()) {
        head.append(name).append(": ").append(value).append("\r\n");
      }
    });
    OutputStream out = connection.getOutputStream();
    out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    sendBody(reply, out, sentBytes.computeIfAbsent(request.target(), _ -> new AtomicLong()));
    out.flush();
    if (reply.reset()) {
      connection.setSoLinger(true, 0);
    }
    boolean whole = reply.sentBytes() == reply.body().length;
    return whole && !headers.get("Content-Length").isEmpty();
  }

  private static void sendBody(Reply reply, OutputStream out, AtomicLong sent) throws IOException {
    int piece = 1 << 16;
    for (int at = 0; at < reply.sentBytes(); at += piece) {
      if (reply.pauseMillis() > 0 && at >= reply.quickBytes()) {
        piece = 1;
        pause(reply.pauseMillis());
      }
      int count = (int) Math.min(piece, reply.sentBytes() - at);
      out.write(reply.body(), at, count);
      sent.addAndGet(count);
    }
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException nobodyDoes) {
      throw new IOException(nobodyDoes);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }
}
