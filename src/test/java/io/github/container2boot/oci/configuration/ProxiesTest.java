package io.github.container2boot.oci.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
  private static final String SECRET = "p%40ss+word";
  private static final String AUTHORIZATION =
      "Basic "
          + Base64.getEncoder().encodeToString("user:p@ss+word".getBytes(StandardCharsets.UTF_8));

  private static final URI PLAIN = URI.create("http://registry.example/v2/");

  @TempDir private static Path directory;

  private static String proxy(Map<String, String> environment, String target) throws IOException {
    List<Proxy> proxies = Proxies.of(environment).select(URI.create(target));
    assertThat(proxies).hasSize(1);
    return proxies.getFirst().address() instanceof InetSocketAddress address
        ? address.getHostString() + ":" + address.getPort()
        : "none";
  }

  @ParameterizedTest
  @CsvSource({
    "http://proxy:3128, proxy:3128",
    "http://proxy:3128/, proxy:3128",
    "proxy:3128, proxy:3128",
    "proxy, proxy:80",
    "192.0.2.1:8080, 192.0.2.1:8080",
    "http://[2001:db8::1]:8080, 2001:db8::1:8080",
    "http://user:password@proxy:3128, proxy:3128",
    "user:password@proxy:3128, proxy:3128",
    "'', none"
  })
  void readsAddresses(String value, String proxy) throws IOException {
    assertThat(proxy(Map.of("https_proxy", value), "https://example.org/v2/")).isEqualTo(proxy);
    assertThat(proxy(Map.of("HTTPS_PROXY", value), "https://example.org/v2/")).isEqualTo(proxy);
  }

  @Test
  void eachSchemeHasItsOwn() throws IOException {
    Map<String, String> environment = Map.of("https_proxy", "secure", "HTTP_PROXY", "plain");
    assertThat(proxy(environment, "https://example.org/")).isEqualTo("secure:80");
    assertThat(proxy(environment, "http://example.org/")).isEqualTo("plain:80");
    assertThat(proxy(Map.of("HTTPS_PROXY", "a", "https_proxy", "b"), "https://example.org/"))
        .isEqualTo("a:80");
    assertThat(proxy(Map.of("HTTPS_PROXY", "", "https_proxy", "b"), "https://example.org/"))
        .isEqualTo("b:80");
    assertThat(proxy(Map.of(), "https://example.org/")).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://user:" + SECRET + "@proxy:1080",
        "https://user:" + SECRET + "@proxy",
        "http://user:" + SECRET + "@",
        "http://user:" + SECRET + "@proxy:port",
        "http://user:" + SECRET + "@proxy:99999",
        "user:" + SECRET + "@a b"
      })
  void otherAddressesAreRefusedWithoutQuotingThem(String value) {
    assertThatThrownBy(() -> Proxies.of(Map.of("https_proxy", value)))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("https_proxy: ")
        .hasMessageNotContaining(SECRET);
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, https://example.org/, none",
    "example.org, https://EXAMPLE.ORG/, none",
    "example.org, https://a.b.example.org/, none",
    "example.org, https://anexample.org/, proxy:80",
    ".example.org, https://example.org/, proxy:80",
    ".example.org, https://a.example.org/, none",
    "*.example.org, https://a.example.org/, none",
    "*.example.org, https://example.org/, proxy:80",
    "'a.org, b.org  example.org', https://example.org/, none",
    "example.org:5000, https://example.org:5000/, none",
    "example.org:5000, https://example.org/, proxy:80",
    "example.org:443, https://example.org/, none",
    "*, https://example.org/, none",
    "192.0.2.0/24, https://192.0.2.77/, none",
    "192.0.2.0/24, https://192.0.3.77/, proxy:80",
    "192.0.2.0/23, https://192.0.3.77/, none",
    "0.0.0.0/0, https://example.org/, proxy:80",
    "192.0.2.0/33, https://192.0.2.77/, proxy:80",
    "192.0.2.0/x, https://192.0.2.77/, proxy:80",
    "192.0.2.1, https://192.0.2.1/, none",
    "192.0.2.1:5000, https://192.0.2.1/, proxy:80",
    "192.0.2.1:5000, https://192.0.2.1:5000/, none",
    "2001:db8::/32, 'https://[2001:db8::1]/', none",
    "2001:db8::1, 'https://[2001:db8::1]:5000/', none",
    "'[2001:db8::1]:5000', 'https://[2001:db8::1]:5000/', none",
    "'[2001:db8::1]:5000', 'https://[2001:db8::1]/', proxy:80",
    "'', https://localhost:5000/, none",
    "'', https://127.0.0.2/, none",
    "'', 'https://[::1]:5000/', none",
    "'', https://localhost.example.org/, proxy:80"
  })
  void exceptionsAreReachedWithoutIt(String exceptions, String target, String proxy)
      throws IOException {
    assertThat(proxy(Map.of("https_proxy", "proxy", "no_proxy", exceptions), target))
        .isEqualTo(proxy);
    assertThat(proxy(Map.of("https_proxy", "proxy", "NO_PROXY", exceptions), target))
        .isEqualTo(proxy);
  }

  @Test
  void onlyTheProxyThatIsUsedIsToldThePassword() throws IOException {
    Map<String, String> environment =
        Map.of(
            "https_proxy",
            "http://user:" + SECRET + "@proxy",
            "http_proxy",
            "http://other",
            "no_proxy",
            "example.com");
    assertThat(Proxies.authorization(environment, URI.create("https://example.org/")))
        .contains(AUTHORIZATION);
    assertThat(Proxies.authorization(environment, URI.create("http://example.org/"))).isEmpty();
    assertThat(Proxies.authorization(environment, URI.create("https://example.com/"))).isEmpty();
    assertThat(Proxies.authorization(environment, URI.create("https://localhost/"))).isEmpty();
  }

  /// Answers with the header that is none of its business.
  private static <T extends HttpServer> T answering(T server) {
    server.createContext(
        "/",
        exchange -> {
          byte[] heard =
              String.valueOf(exchange.getRequestHeaders().getFirst("Proxy-Authorization"))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, heard.length);
          exchange.getResponseBody().write(heard);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /// A name that only the proxy knows stands for the server.
  private static Map<String, String> through(TinyProxy proxy, String variable) {
    return Map.of(variable, "http://user:" + SECRET + "@127.0.0.1:" + proxy.port());
  }

  @Test
  void tunnelsThroughAProxyWithAPassword() throws Exception {
    TestAuthority authority = TestAuthority.in(directory.resolve("authority"));
    authority.issue("server", "ec", "-addext", "subjectAltName=DNS:registry.example");
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(authority.server("server")));
    answering(server);
    try (TinyProxy proxy = TinyProxy.leadingTo(server.getAddress(), AUTHORIZATION)) {
      Settings settings = new Settings(directory.resolve("machine"));
      settings.file("certificates/a.crt", Files.readString(authority.certificate()));
      ProxiedRequest.Answer answer =
          ProxiedRequest.send(
              through(proxy, "https_proxy"),
              URI.create("https://registry.example/v2/"),
              settings.path("certificates"));
      assertThat(answer).isEqualTo(new ProxiedRequest.Answer(200, "null"));
      assertThat(proxy.requests()).containsExactly("CONNECT registry.example:443 HTTP/1.1");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void plainRequestsGoThroughAProxyWithAPassword() throws Exception {
    HttpServer server = answering(HttpServer.create(anyPort(), 0));
    try (TinyProxy proxy = TinyProxy.leadingTo(server.getAddress(), AUTHORIZATION)) {
      ProxiedRequest.Answer answer =
          ProxiedRequest.send(through(proxy, "http_proxy"), PLAIN, directory);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(proxy.requests()).containsExactly("GET http://registry.example/v2/ HTTP/1.1");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aProxyRefusesWhoeverHasNoPassword() throws Exception {
    HttpServer server = answering(HttpServer.create(anyPort(), 0));
    try (TinyProxy proxy = TinyProxy.leadingTo(server.getAddress(), AUTHORIZATION)) {
      Map<String, String> environment = Map.of("http_proxy", "127.0.0.1:" + proxy.port());
      assertThat(ProxiedRequest.send(environment, PLAIN, directory).status()).isEqualTo(407);
    } finally {
      server.stop(0);
    }
  }
}
