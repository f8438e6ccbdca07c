package io.github.container2boot.serve.tftp;

import java.time.Duration;
import java.util.Optional;

/// How long an acknowledgment is waited for, and how often.
///
/// @param first the first wait
/// @param most what it is doubled to
/// @param attempts how many waits there are before the client is given up
record Pace(Duration first, Duration most, int attempts) {
  /// Half a minute: a firmware that is still there has asked again by then.
  static final Pace USUAL = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(8), 6);

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int MIN_ATTEMPTS = 3;

  /// This pace, or the one a client has asked for: always the same wait (RFC 2349).
  Pace orAsked(Optional<Duration> asked) {
    return asked.map(this::steady).orElse(this);
  }

  private Pace steady(Duration wait) {
    long fitting = PATIENCE.dividedBy(wait);
    int fittingAttempts = Math.toIntExact(Math.max(fitting, MIN_ATTEMPTS));
    return new Pace(wait, wait, Math.min(fittingAttempts, attempts));
  }

  /// @param attempt counted from 0
  Duration wait(int attempt) {
    Duration wait = first.multipliedBy(1L << Math.min(attempt, 16));
    return wait.compareTo(most) < 0 ? wait : most;
  }
}
