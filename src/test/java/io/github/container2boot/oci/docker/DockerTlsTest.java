package io.github.container2boot.oci.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.engine.EngineFixtures;
import io.github.container2boot.testing.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A docker on a port, where both sides prove who they are.
@Timeout(60)
class DockerTlsTest {
  /// Before the key of PKCS #1 in one of PKCS #8 with 2048 bits.
  private static final int PKCS8_HEADER_BYTES = 26;

  private static final char[] PASSWORD = "secret".toCharArray();

  @TempDir private Path directory;
  private SSLServerSocket server;
  private byte[] key;

  @BeforeEach
  void listen() throws Exception {
    Path file = directory.resolve("keys.p12");
    Tools.run(
        Path.of(System.getProperty("java.home"), "bin", "keytool"),
        "-genkeypair",
        "-alias",
        "docker",
        "-keyalg",
        "RSA",
        "-keysize",
        "2048",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost",
        "-keystore",
        file,
        "-storepass",
        new String(PASSWORD));
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(file)) {
      store.load(stream, PASSWORD);
    }
    key = store.getKey("docker", PASSWORD).getEncoded();
    byte[] certificate = store.getCertificate("docker").getEncoded();
    write("ca.pem", "CERTIFICATE", certificate);
    write("cert.pem", "CERTIFICATE", certificate);
    write("key.pem", "PRIVATE KEY", key);
    server = server(store);
    Thread.ofPlatform().daemon().start(this::serve);
  }

  private void write(String name, String type, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        directory.resolve(name),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(type, text, type));
  }

  private static SSLServerSocket server(KeyStore store) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    KeyStore clients = KeyStore.getInstance("PKCS12");
    clients.load(null, null);
    clients.setCertificateEntry("client", store.getCertificate("docker"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(clients);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    server.setNeedClientAuth(true);
    return server;
  }

  private void serve() {
    byte[] body = EngineFixtures.inspection(EngineFixtures.FIRST).getBytes(UTF_8);
    while (!server.isClosed()) {
      try (SSLSocket client = (SSLSocket) server.accept();
          BufferedReader request =
              new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8))) {
        while (!request.readLine().isEmpty()) {
          // Whatever was asked for.
        }
        client
            .getOutputStream()
            .write(
                "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
                    .formatted(body.length)
                    .getBytes(UTF_8));
        client.getOutputStream().write(body);
      } catch (IOException | NullPointerException refused) {
        // The other side did not like us, or we did not like it.
      }
    }
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private Image open(String host, String verify) throws IOException {
    return new DockerImages(
            Map.of(
                "DOCKER_HOST",
                "tcp://%s:%d".formatted(host, server.getLocalPort()),
                "DOCKER_TLS_VERIFY",
                verify,
                "DOCKER_CERT_PATH",
                directory.toString()))
        .open("machine", EngineFixtures.request(directory));
  }

  @Test
  void bothProveWhoTheyAre() throws IOException {
    try (Image image = open("localhost", "1")) {
      assertThat(image.digest().orElseThrow().hex()).isEqualTo(EngineFixtures.ID);
    }
    write("key.pem", "RSA PRIVATE KEY", Arrays.copyOfRange(key, PKCS8_HEADER_BYTES, key.length));
    open("localhost", "1").close();
  }

  @Test
  void refusesWhoIsSomebodyElse() throws IOException {
    assertThatThrownBy(() -> open("127.0.0.1", "1")).hasMessageContaining("docker at tcp://127");
    assertThatThrownBy(() -> open("localhost", ""))
        .as("in the clear")
        .hasMessageContaining("docker at tcp://localhost");
    Files.delete(directory.resolve("key.pem"));
    assertThatThrownBy(() -> open("localhost", "1")).hasMessageContaining("docker at tcp://");
    write("key.pem", "ENCRYPTED PRIVATE KEY", key);
    assertThatThrownBy(() -> open("localhost", "1"))
        .hasMessageContaining("key.pem: the key is encrypted; openssl pkey -in");
  }
}
