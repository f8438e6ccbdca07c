package io.github.container2boot.oci.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.oci.OtherThread;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A daemon on a socket of the file system that answers what it was told to, and remembers what it
/// was asked.
public final class FakeEngine implements AutoCloseable {
  private final Path socket;
  private final ServerSocketChannel server;
  private final Thread accepting = Thread.ofPlatform().daemon().unstarted(this::serve);
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /// Writes an answer, headers included.
  @FunctionalInterface
  public interface Answer {
    void writeTo(OutputStream target) throws IOException, InterruptedException;
  }

  private FakeEngine(Path socket, ServerSocketChannel server) {
    this.socket = socket;
    this.server = server;
  }

  public static FakeEngine listen(Path socket) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    FakeEngine engine = new FakeEngine(socket, server);
    engine.accepting.start();
    return engine;
  }

  private void serve() {
    try {
      while (true) {
        SocketChannel client = server.accept();
        Thread.ofPlatform().daemon().start(() -> answer(client));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void answer(SocketChannel client) {
    try (client;
        BufferedReader request =
            new BufferedReader(new InputStreamReader(Channels.newInputStream(client), UTF_8))) {
      String path = request.readLine().split(" ")[1];
      while (!request.readLine().isEmpty()) {
        // Headers say nothing that matters here.
      }
      asked.add(path);
      answers
          .getOrDefault(path, json("404 Not Found", "{\"message\":\"no such image: it\"}"))
          .writeTo(Channels.newOutputStream(client));
    } catch (IOException | InterruptedException gone) {
      // Who asked does not want to know any more.
    }
  }

  public FakeEngine on(String path, Answer answer) {
    answers.put(path, answer);
    return this;
  }

  public static Answer json(String status, String text) {
    return raw(
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(status, text.getBytes(UTF_8).length, text));
  }

  public static Answer raw(String text) {
    return target -> target.write(text.getBytes(UTF_8));
  }

  /// In chunks of `sizeBytes`.
  public static Answer chunked(byte[] body, int sizeBytes) {
    return target -> {
      target.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(UTF_8));
      for (int at = 0; at < body.length; at += sizeBytes) {
        int count = Math.min(sizeBytes, body.length - at);
        target.write((Integer.toHexString(count) + ";x=y\r\n").getBytes(UTF_8));
        target.write(body, at, count);
        target.write("\r\n".getBytes(UTF_8));
      }
      target.write("0\r\nTrailer: x\r\n\r\n".getBytes(UTF_8));
    };
  }

  public List<String> asked() {
    return asked;
  }

  public Path socket() {
    return socket;
  }

  /// A thread that still waits for a connection would take one more.
  @Override
  public void close() throws IOException {
    server.close();
    OtherThread.awaitEnd(accepting);
  }
}
