package io.github.container2boot.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

class TlsProbeTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static boolean findsHttp(int port) {
    return TlsProbe.findsHttp(Origin.of(URI.create("https://localhost:" + port + "/v2/")));
  }

  @Test
  void aServerThatSpeaksHttpSaysSo() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    server.start();
    try {
      assertThat(findsHttp(server.getAddress().getPort())).isTrue();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aServerThatSpeaksTlsTakesItForTls() throws Exception {
    try (ServerSocket server =
        SSLServerSocketFactory.getDefault().createServerSocket(0, 1, LOOPBACK)) {
      CompletableFuture<Throwable> seen = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> seen.complete(handshake(server)));
      assertThat(findsHttp(server.getLocalPort())).isFalse();
      assertThat(seen.get()).isInstanceOf(SSLException.class).hasMessageContaining("client_hello");
    }
  }

  private static Throwable handshake(ServerSocket server) {
    try (SSLSocket connection = (SSLSocket) server.accept()) {
      connection.startHandshake();
      return new AssertionError("shook hands");
    } catch (IOException problem) {
      return problem;
    }
  }

  @Test
  void silenceSaysNothing() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
      assertThat(findsHttp(server.getLocalPort())).isFalse();
    }
  }

  @Test
  void neitherDoesNobody() throws IOException {
    ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
    server.close();
    assertThat(findsHttp(server.getLocalPort())).isFalse();
    assertThat(findsHttp(99_999)).isFalse();
  }

  @Test
  void aConnectionThatEndsSaysNothing() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
      Thread.ofVirtual()
          .start(() -> {
            try (Socket _ = server.accept()) {
              // And that is all.
            } catch (IOException closed) {
              // The test has failed already.
            }
          });
      assertThat(findsHttp(server.getLocalPort())).isFalse();
    }
  }
}
