package io.github.container2boot.cli;

import java.time.Duration;
import java.util.Locale;

/// Durations as people read them.
final class Durations {
  private Durations() {}

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
