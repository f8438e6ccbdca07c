package io.github.container2boot.oci.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsSettingsTest {
  @TempDir private static Path shared;
  private static TestAuthority authority;
  private static HttpsServer server;

  @TempDir private Path directory;
  private Settings settings;

  /// Answers with the name of the client, if it shows a certificate.
  @BeforeAll
  static void start() throws Exception {
    authority = TestAuthority.in(shared.resolve("authority"));
    authority.issue("server", "ec", "-addext", "subjectAltName=DNS:localhost");
    SSLContext context = authority.server("server");
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setWantClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.createContext("/", TlsSettingsTest::answer);
    server.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] name = client((HttpsExchange) exchange).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, name.length);
    exchange.getResponseBody().write(name);
    exchange.close();
  }

  private static String client(HttpsExchange exchange) {
    try {
      return exchange.getSSLSession().getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException _) {
      return "nobody";
    }
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  @BeforeEach
  void emptyMachine() {
    settings = new Settings(directory);
  }

  private static String host() {
    return "localhost:" + server.getAddress().getPort();
  }

  private String get() throws Exception {
    return get(TlsSettings.context(host(), Optional.empty(), settings.places()), "localhost");
  }

  private static String get(SSLContext context, String name) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      URI address = URI.create("https://" + name + ":" + server.getAddress().getPort() + "/");
      return client
          .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private void copy(Path file, String to) throws IOException {
    Files.createDirectories(settings.path(to).getParent());
    Files.copy(file, settings.path(to));
  }

  private void copyAuthority(String to) throws IOException {
    copy(authority.certificate(), to);
  }

  private void assertRefused(String... messages) {
    assertThatThrownBy(() -> TlsSettings.context(host(), Optional.empty(), settings.places()))
        .isInstanceOf(FormatException.class)
        .hasMessageNotContaining("\n")
        .message()
        .contains(List.of(messages));
  }

  @Test
  void strangersAreNotTrusted() {
    assertThatThrownBy(this::get).isInstanceOf(SSLException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "home/user/.config/containers/certs.d",
        "etc/containers/certs.d",
        "etc/docker/certs.d"
      })
  void authoritiesOfARegistryAreTrusted(String place) throws Exception {
    copyAuthority(place + "/" + host() + "/any.crt");
    assertThat(get()).isEqualTo("nobody");
  }

  @Test
  void authoritiesOfAnotherRegistryAreNot() throws Exception {
    copyAuthority("etc/containers/certs.d/localhost:1/any.crt");
    copyAuthority("etc/containers/certs.d/any.crt");
    assertThatThrownBy(this::get).isInstanceOf(SSLException.class);
  }

  @Test
  void onlyTheFirstDirectoryCounts() throws Exception {
    Files.createDirectories(settings.path("home/user/.config/containers/certs.d").resolve(host()));
    copyAuthority("etc/containers/certs.d/" + host() + "/any.crt");
    assertThatThrownBy(this::get).isInstanceOf(SSLException.class);
  }

  @Test
  void theOptionsDirectoryCountsAlone() throws Exception {
    copyAuthority("certificates/any.crt");
    SSLContext context =
        TlsSettings.context(host(), Optional.of(settings.path("certificates")), settings.places());
    assertThat(get(context, "localhost")).isEqualTo("nobody");
    assertThatThrownBy(() ->
            TlsSettings.context(host(), Optional.of(settings.path("missing")), settings.places()))
        .hasMessageContaining("missing: no such directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"etc/ssl/certs/ca-certificates.crt", "etc/pki/tls/certs/ca-bundle.crt"})
  void authoritiesOfTheMachineAreTrusted(String bundle) throws Exception {
    settings.file(
        bundle,
        "# comment\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
            + Files.readString(authority.certificate()));
    assertThat(get()).isEqualTo("nobody");
  }

  @Test
  void authoritiesOfTheMachineAreReadWhenAServerShowsACertificate() throws Exception {
    SSLContext context = TlsSettings.context(host(), Optional.empty(), settings.places());
    copyAuthority("etc/ssl/certs/ca-certificates.crt");
    assertThat(get(context, "localhost")).isEqualTo("nobody");
  }

  @Test
  void authoritiesThatVariablesNameAreTrusted() throws Exception {
    copyAuthority("some/bundle.pem");
    settings.variable("SSL_CERT_FILE", settings.path("some/bundle.pem"));
    assertThat(get()).isEqualTo("nobody");
    settings.variable("SSL_CERT_FILE", settings.path("missing.pem"));
    assertThatThrownBy(this::get).isInstanceOf(SSLException.class);
    settings.variable("SSL_CERT_DIR", settings.path("absent") + ":" + settings.path("some"));
    assertThat(get()).isEqualTo("nobody");
  }

  @Test
  void theRuntimesAuthoritiesAreTrustedToo() throws IOException {
    copyAuthority("etc/ssl/certs/ca-certificates.crt");
    assertThat(SystemCertificates.read(settings.places())).hasSizeGreaterThan(20);
  }

  @Test
  void namesAreChecked() throws Exception {
    copyAuthority("certificates/any.crt");
    Optional<Path> certificates = Optional.of(settings.path("certificates"));
    SSLContext context = TlsSettings.context(host(), certificates, settings.places());
    assertThatThrownBy(() -> get(context, "127.0.0.1")).isInstanceOf(SSLException.class);
  }

  @Test
  void everybodyIsTrustedIfTheUserSaysSo() throws Exception {
    SSLContext context = TlsSettings.trustingAll(host(), Optional.empty(), settings.places());
    assertThat(get(context, "localhost")).isEqualTo("nobody");
    assertThat(get(context, "127.0.0.1")).isEqualTo("nobody");
  }

  @ParameterizedTest
  @CsvSource({"rsa, PKCS8", "rsa, traditional", "ec, PKCS8", "ec, traditional", "ed25519, PKCS8"})
  void clientCertificatesAreShown(String algorithm, String form) throws Exception {
    authority.issue("client", algorithm);
    String place = "etc/containers/certs.d/" + host();
    copyAuthority(place + "/any.crt");
    copy(authority.certificate("client"), place + "/client.cert");
    Path key = settings.path(place + "/client.key");
    if (form.equals("traditional")) {
      Tools.run("openssl", "pkey", "-traditional", "-in", authority.key("client"), "-out", key);
      assertThat(Files.readString(key)).startsWith("-----BEGIN " + algorithm.toUpperCase());
    } else {
      Files.copy(authority.key("client"), key);
    }
    assertThat(get()).isEqualTo("CN=client");
    SSLContext trusting = TlsSettings.trustingAll(host(), Optional.empty(), settings.places());
    assertThat(get(trusting, "127.0.0.1")).isEqualTo("CN=client");
  }

  @Test
  void keysMayFollowTheirParameters() throws Exception {
    authority.issue("client", "ec");
    String place = "etc/containers/certs.d/" + host();
    copyAuthority(place + "/any.crt");
    copy(authority.certificate("client"), place + "/client.cert");
    String parameters = Tools.run("openssl", "ecparam", "-name", "prime256v1");
    String key = Tools.run("openssl", "pkey", "-traditional", "-in", authority.key("client"));
    settings.file(place + "/client.key", parameters + key);
    assertThat(get()).isEqualTo("CN=client");
  }

  @Test
  void halvesOfAPairAreRefused() throws Exception {
    authority.issue("client", "ec");
    String place = "etc/containers/certs.d/" + host();
    copy(authority.certificate("client"), place + "/client.cert");
    assertRefused("client.cert: its key, client.key, is missing");
    Files.delete(settings.path(place + "/client.cert"));
    copy(authority.key("client"), place + "/client.key");
    assertRefused("client.key: its certificate, client.cert, is missing");
  }

  @Test
  void brokenKeysAreRefusedWithoutQuotingThem() throws Exception {
    authority.issue("client", "rsa").issue("other", "rsa").issue("curve", "ec");
    String place = "etc/containers/certs.d/" + host();
    copy(authority.certificate("client"), place + "/client.cert");
    String key = place + "/client.key";
    settings.file(key, Files.readString(authority.key("other")));
    assertRefused("client.key: it is not the key of the certificate", "client.cert");
    settings.file(key, Files.readString(authority.key("curve")));
    assertRefused("client.key: expected a private key for RSA");
    settings.file(key, "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n");
    assertRefused("client.key: expected a private key for RSA");
    settings.file(key, "secret");
    assertRefused("client.key: expected a private key, -----BEGIN PRIVATE KEY-----");
    settings.file(
        key,
        Tools.run(
            "openssl", "pkey", "-aes128", "-passout", "pass:x", "-in", authority.key("client")));
    assertRefused("client.key: the key is encrypted; openssl pkey -in");
    settings.file(
        key,
        Tools.run(
            "openssl",
            "pkey",
            "-traditional",
            "-aes128",
            "-passout",
            "pass:x",
            "-in",
            authority.key("client")));
    assertRefused("client.key: the key is encrypted; openssl pkey -in");
  }

  @Test
  void brokenAuthoritiesAreRefused() throws Exception {
    String file = "etc/containers/certs.d/" + host() + "/any.crt";
    settings.file(file, "");
    assertRefused("any.crt: expected certificates");
    settings.file(file, "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    assertRefused("any.crt: a certificate in it is damaged");
    settings.file(file, "-----BEGIN CERTIFICATE-----\n".repeat(100_000));
    assertRefused("any.crt: expected certificates");
  }

  @Test
  void aHostIsNoPath() throws Exception {
    Files.createDirectories(settings.path("etc/containers/certs.d/a"));
    settings.file("etc/containers/any.crt", "");
    settings.file("etc/containers/certs.d/a/any.crt", "");
    for (String host : List.of("..", "a/..", "../certs.d/b/c", "x/../a/.")) {
      assertThat(TlsSettings.context(host, Optional.empty(), settings.places())).isNotNull();
    }
    assertThatThrownBy(() -> TlsSettings.context("a", Optional.empty(), settings.places()))
        .isInstanceOf(FormatException.class);
  }
}
