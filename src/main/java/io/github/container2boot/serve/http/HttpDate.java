package io.github.container2boot.serve.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A time as HTTP writes it (RFC 9110, section 5.6.7), in whole seconds.
final class HttpDate {
  private static final DateTimeFormatter FORM = form("EEE, dd MMM yyyy HH:mm:ss 'GMT'");

  /// The form that is written, and two that have to be understood.
  private static final List<DateTimeFormatter> READ =
      List.of(FORM, form("EEEE, dd-MMM-yy HH:mm:ss 'GMT'"), form("EEE MMM ppd HH:mm:ss yyyy"));

  private HttpDate() {}

  private static DateTimeFormatter form(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  static String shown(Instant time) {
    return FORM.format(time);
  }

  /// Empty if it is no date; then the condition it stands in is passed over.
  static Optional<Instant> parse(String text) {
    for (DateTimeFormatter form : READ) {
      try {
        return Optional.of(ZonedDateTime.parse(text.strip(), form).toInstant());
      } catch (DateTimeException another) {
        // The next one, then.
      }
    }
    return Optional.empty();
  }
}
