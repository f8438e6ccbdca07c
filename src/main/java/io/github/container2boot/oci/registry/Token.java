package io.github.container2boot.oci.registry;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a token server gives (distribution's "Token Authentication Specification" and its OAuth 2
/// form): for some time it opens a repository.
///
/// @param secret what to send
/// @param expires when it opens nothing any more
record Token(String secret, Instant expires) {
  /// "For compatibility with older clients, a token should never be returned with less than 60
  /// seconds to live", and that is meant if nothing is said.
  private static final long USUAL_SECONDS = 60;

  private static final long MOST_SECONDS = Duration.ofDays(1).toSeconds();

  /// Whatever else is in a header would be another header, or an exception with the secret in it.
  private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7E]+");

  /// Reads the answer of a token server that came `now`.
  static Token read(String name, byte[] document, Instant now) throws FormatException {
    JsonObject json = JsonObject.parse(name, document);
    Optional<String> token = json.text("token").filter(text -> !text.isEmpty());
    Optional<String> secret = token.isPresent() ? token : json.text("access_token");
    if (secret.filter(text -> SECRET.matcher(text).matches()).isEmpty()) {
      throw FormatException.malformed("%s: expected a token, found none".formatted(name));
    }
    long seconds = json.number("expires_in").filter(given -> given > 0).orElse(USUAL_SECONDS);
    return new Token(secret.get(), now.plusSeconds(Math.min(seconds, MOST_SECONDS)));
  }

  @Override
  public String toString() {
    return "a token until " + expires;
  }
}
