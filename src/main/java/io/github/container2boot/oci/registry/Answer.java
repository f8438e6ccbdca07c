package io.github.container2boot.oci.registry;

import io.github.container2boot.oci.registry.RegistryException.BadAnswer;
import java.io.Closeable;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a server answers, as far as its headers.
///
/// @param address what answers, which is another one than was asked if that sent us there
record Answer(URI address, int status, HttpHeaders headers, Body body) implements Closeable {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

  Origin origin() {
    return Origin.of(address);
  }

  String host() {
    return origin().hostAndPort();
  }

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  List<String> headers(String name) {
    return headers.allValues(name);
  }

  boolean isRedirect() {
    return switch (status()) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /// Where this redirects to. Never from HTTPS to HTTP.
  URI redirectTarget() throws RegistryException {
    Optional<URI> target = header("Location").flatMap(this::resolve);
    if (target.isEmpty()) {
      throw bad("a redirect to an address", "another");
    }
    if (origin().isSecure() && !Origin.of(target.get()).isSecure()) {
      throw bad("a redirect to HTTPS", "one to HTTP");
    }
    return target.get();
  }

  private Optional<URI> resolve(String location) {
    try {
      URI target = address.resolve(location.strip());
      Origin.of(target);
      return Optional.of(target);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// When a busy server wants to be asked again (RFC 9110, 10.2.3): in so many seconds, or at a
  /// date.
  Optional<Duration> retryAfter(Instant now) {
    return header("Retry-After").map(String::strip).flatMap(text -> retryAfter(text, now));
  }

  private static Optional<Duration> retryAfter(String text, Instant now) {
    if (text.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      DateTimeFormatter format = DateTimeFormatter.RFC_1123_DATE_TIME.localizedBy(Locale.ROOT);
      Duration left = Duration.between(now, ZonedDateTime.parse(text, format).toInstant());
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /// Nobody was asked to compress anything; then the size would be another.
  void requireAsItIs() throws RegistryException {
    Optional<String> encoding =
        header("Content-Encoding").filter(name -> !name.strip().equalsIgnoreCase("identity"));
    if (encoding.isPresent()) {
      throw bad("no Content-Encoding", "one");
    }
  }

  /// If it says how long it is, it must be as long as expected.
  void requireLength(long expectedBytes) throws RegistryException {
    long length = headers.firstValueAsLong("Content-Length").orElse(expectedBytes);
    if (length != expectedBytes) {
      throw bad(expectedBytes + " bytes", Long.toString(length));
    }
  }

  /// A part of something of `sizeBytes` that begins at `firstByte` and goes on to its end.
  void requireRange(long firstByte, long sizeBytes) throws RegistryException {
    Matcher range = CONTENT_RANGE.matcher(header("Content-Range").orElse("").strip());
    boolean right =
        range.matches()
            && Long.parseLong(range.group(1)) == firstByte
            && Long.parseLong(range.group(2)) == sizeBytes - 1
            && (range.group(3).equals("*") || Long.parseLong(range.group(3)) == sizeBytes);
    if (!right) {
      throw bad("bytes %d-%d/%d".formatted(firstByte, sizeBytes - 1, sizeBytes), "another range");
    }
  }

  RegistryException bad(String expected, String found) {
    return new RegistryException(new BadAnswer(host(), expected, found));
  }

  void discard() {
    body().discard();
  }

  @Override
  public void close() {
    body().close();
  }
}
