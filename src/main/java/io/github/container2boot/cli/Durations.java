package io.github.container2boot.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as people read them.
final class Durations {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m|min|h)?");

  private Durations() {}

  /// What `text` means: a number of seconds, or with `ms`, `s`, `m`, `min` or `h` behind it.
  ///
  /// @throws IllegalArgumentException if it is no duration, or none at all
  static Duration parse(String text) {
    Matcher matcher = DURATION.matcher(text);
    long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    if (number == 0) {
      throw new IllegalArgumentException("'%s' is not a duration".formatted(text));
    }
    return switch (Objects.requireNonNullElse(matcher.group(2), "s")) {
      case "ms" -> Duration.ofMillis(number);
      case "m", "min" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofSeconds(number);
    };
  }

  /// How long something took: `3.2 s`, `1 min 05 s`.
  static String shown(Duration duration) {
    double seconds = duration.toMillis() / 1000.0;
    return seconds < 60
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : "%d min %02d s".formatted(duration.toMinutes(), duration.toSecondsPart());
  }

  /// What a clock shows: `0:07`, `1:02:03`.
  static String clock(Duration duration) {
    return duration.toHours() > 0
        ? "%d:%02d:%02d"
            .formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart())
        : "%d:%02d".formatted(duration.toMinutes(), duration.toSecondsPart());
  }
}
