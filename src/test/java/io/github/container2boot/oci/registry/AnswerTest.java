package io.github.container2boot.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private static Answer answer(String address, int status, String header, String value) {
    return new Answer(
        URI.create(address),
        status,
        HttpHeaders.of(Map.of(header, List.of(value)), (_, _) -> true),
        new Body(Patience.usual()));
  }

  private static URI redirect(String from, String to) throws RegistryException {
    return answer(from, 307, "Location", to).redirectTarget();
  }

  @Test
  void redirectsGoAnywhereButFromHttpsToHttp() throws RegistryException {
    assertThat(redirect("http://a/x/y", "../z?q")).hasToString("http://a/z?q");
    assertThat(redirect("https://a/x", "//b:444/z")).hasToString("https://b:444/z");
    assertThat(redirect("http://a/x", "https://b/")).hasToString("https://b/");
    assertThatThrownBy(() -> redirect("https://a:5000/x", "http://a:5000/x"))
        .hasMessage("a:5000: expected a redirect to HTTPS, found one to HTTP");
  }

  @Test
  void originsDifferByEachOfTheirParts() {
    Origin origin = Origin.of(URI.create("HTTPS://Example.org/a?b"));
    assertThat(origin).isEqualTo(Origin.of(URI.create("https://user@example.org:443/")));
    for (String other : List.of("http://example.org", "https://example.org:444", "https://e.org")) {
      assertThat(Origin.of(URI.create(other))).isNotEqualTo(origin);
    }
    assertThat(origin.hostAndPort()).isEqualTo("example.org");
  }

  @Test
  void readsWhenToComeBack() {
    assertThat(retryAfter(" 120 ")).contains(Duration.ofMinutes(2));
    assertThat(retryAfter("Sat, 31 Jan 2026 12:00:05 GMT")).contains(Duration.ofSeconds(5));
    assertThat(retryAfter("Sat, 31 Jan 2026 11:00:00 GMT")).contains(Duration.ZERO);
    assertThat(retryAfter("-1")).isEmpty();
    assertThat(retryAfter("99999999999999999999")).isEmpty();
    assertThat(retryAfter("soon")).isEmpty();
  }

  private static Optional<Duration> retryAfter(String value) {
    return answer("https://a/", 429, "Retry-After", value).retryAfter(NOW);
  }
}
