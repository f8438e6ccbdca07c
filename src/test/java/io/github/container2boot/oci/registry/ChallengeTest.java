package io.github.container2boot.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  private static List<Challenge> parse(String... headers) {
    return Challenge.parse(List.of(headers));
  }

  @Test
  void readsWhatRegistriesSend() {
    assertThat(
            parse(
                "Bearer realm=\"https://auth.example.org/token\",service=\"registry.example.org\",scope=\"repository:a/b:pull,push\""))
        .containsExactly(
            new Challenge(
                "bearer",
                Map.of(
                    "realm", "https://auth.example.org/token",
                    "service", "registry.example.org",
                    "scope", "repository:a/b:pull,push")));
  }

  @Test
  void readsSeveralInOneHeaderAndInMany() {
    assertThat(
            parse(
                "Negotiate, Basic realm=\"a, b=\\\"c\\\"\" , BEARER Realm = https://x/?y=z",
                "Digest nonce=1"))
        .containsExactly(
            new Challenge("negotiate", Map.of()),
            new Challenge("basic", Map.of("realm", "a, b=\"c\"")),
            new Challenge("bearer", Map.of("realm", "https://x/?y=z")),
            new Challenge("digest", Map.of("nonce", "1")));
  }

  @Test
  void endsWithWhateverComes() {
    assertThat(parse("")).isEmpty();
    assertThat(parse("Basic realm=\"open")).hasSize(1);
    assertThat(parse("= = \"x\\")).hasSizeLessThan(3);
    Random random = new Random(1);
    String letters = "aB=\",\\ ;\t";
    for (int run = 0; run < 10_000; run++) {
      StringBuilder header = new StringBuilder();
      for (int length = random.nextInt(20); length > 0; length--) {
        header.append(letters.charAt(random.nextInt(letters.length())));
      }
      assertThat(parse(header.toString()).size()).isLessThanOrEqualTo(20);
    }
  }
}
