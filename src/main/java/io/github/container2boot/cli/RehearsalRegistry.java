package io.github.container2boot.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;

/// A registry that has the machine alone, and wants a token for it as the public ones do. It speaks
/// HTTP/1.1 (RFC 9112) on a loopback address. To TLS it says nothing, so that it is tried in full.
final class RehearsalRegistry implements Closeable {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int WAITING_CONNECTIONS = 8;
  private static final String AUTHORIZATION = "authorization: bearer rehearsed";

  private final RehearsalMachine machine;
  private final ServerSocket server;

  /// @throws IOException if this machine has no loopback, or nobody may listen there
  RehearsalRegistry(RehearsalMachine machine) throws IOException {
    this.machine = machine;
    server = new ServerSocket(0, WAITING_CONNECTIONS, InetAddress.getByAddress(LOOPBACK));
    Thread.ofPlatform().daemon().start(this::accept);
  }

  private String host() {
    return server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
  }

  /// What the machine is named by.
  String source() {
    return "docker://%s/machine:latest".formatted(host());
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = server.accept();
        Thread.ofPlatform().daemon().start(() -> serve(connection));
      }
    } catch (IOException closed) {
      // Nobody asks any more.
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      OutputStream out = connection.getOutputStream();
      for (String request = request(in); request.startsWith("get "); request = request(in)) {
        answer(out, request.split(" ", 3)[1], request.contains(AUTHORIZATION));
      }
    } catch (IOException gone) {
      // The client complains if it has not got what it wants.
    }
  }

  /// The head of a request in lower case. Of what is no text, the first byte; nothing at the end.
  private static String request(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    do {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
    } while (head.charAt(0) == 'G' && head.indexOf("\r\n\r\n", head.length() - 4) < 0);
    return head.toString().toLowerCase(Locale.ROOT);
  }

  private void answer(OutputStream out, String path, boolean authorized) throws IOException {
    if (path.startsWith("/token?")) {
      answer(out, "200 OK", "", "{\"token\":\"rehearsed\"}".getBytes(ISO_8859_1));
    } else if (!authorized) {
      String challenge =
          "WWW-Authenticate: Bearer realm=\"http://%s/token\",service=\"rehearsal\"\r\n"
              .formatted(host());
      answer(out, "401 Unauthorized", challenge, new byte[0]);
    } else if (path.contains("/manifests/")) {
      String type = "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n";
      answer(out, "200 OK", type, machine.manifest());
    } else {
      answer(out, "200 OK", "", machine.blob(path.substring(path.lastIndexOf('/') + 1)));
    }
  }

  private static void answer(OutputStream out, String status, String header, byte[] body)
      throws IOException {
    String head =
        "HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n".formatted(status, header, body.length);
    out.write(head.getBytes(ISO_8859_1));
    out.write(body);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
