package io.github.container2boot.oci.configuration;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// An HTTP proxy that demands a password and leads to one server, whatever name is asked for.
final class TinyProxy implements Closeable {
  private final ServerSocket listening;
  private final InetSocketAddress server;
  private final String authorization;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private TinyProxy(ServerSocket listening, InetSocketAddress server, String authorization) {
    this.listening = listening;
    this.server = server;
    this.authorization = authorization;
  }

  static TinyProxy leadingTo(InetSocketAddress server, String authorization) throws IOException {
    ServerSocket listening = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    TinyProxy proxy = new TinyProxy(listening, server, authorization);
    Thread.ofVirtual().start(proxy::accept);
    return proxy;
  }

  int port() {
    return listening.getLocalPort();
  }

  /// The first lines of the requests that were let through.
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket target = new Socket(server.getAddress(), server.getPort())) {
      List<String> head = head(client.getInputStream());
      if (!head.contains("Proxy-Authorization: " + authorization)) {
        say(
            client.getOutputStream(),
            "HTTP/1.1 407 Password\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n"
                + "Content-Length: 0\r\nConnection: close\r\n\r\n");
        return;
      }
      requests.add(head.getFirst());
      if (head.getFirst().startsWith("CONNECT ")) {
        say(client.getOutputStream(), "HTTP/1.1 200 Connected\r\n\r\n");
      } else {
        say(target.getOutputStream(), String.join("\r\n", head) + "\r\n\r\n");
      }
      Thread back = Thread.ofVirtual().start(() -> copy(target, client));
      copy(client, target);
      back.join();
    } catch (IOException | InterruptedException broken) {
      // Its client sees that.
    }
  }

  private static List<String> head(InputStream stream) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (int next = stream.read(); next >= 0; next = stream.read()) {
      if (next != '\n') {
        line.append((char) next);
      } else if (line.toString().isBlank()) {
        return lines;
      } else {
        lines.add(line.toString().strip());
        line.setLength(0);
      }
    }
    throw new IOException("the request ends early");
  }

  private static void say(OutputStream stream, String text) throws IOException {
    stream.write(text.getBytes(StandardCharsets.US_ASCII));
    stream.flush();
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException broken) {
      // Either end may close first.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
