package io.github.container2boot.oci.registry;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;

/// How long we wait for what, and what time it is.
///
/// @param connect how long a connection may take
/// @param answer how long a server may think before it answers
/// @param stall how long we wait for `leastBytes` of an answer. What we ourselves need to make use
///   of them does not count
/// @param leastBytes what is less is as good as nothing
/// @param mostFailures how often in a row the same may fail
/// @param progressBytes how many bytes make a new row: a server that sends one byte each time would
///   else go on for ever
/// @param firstDelay before the second attempt; twice as long before the third, and so on
/// @param longestDelay between two attempts
/// @param longestRetryAfter how long we wait because a server asks for it
/// @param waiting waits
/// @param clock for tokens that expire and servers that name a date
record Patience(
    Duration connect,
    Duration answer,
    Duration stall,
    long leastBytes,
    int mostFailures,
    long progressBytes,
    Duration firstDelay,
    Duration longestDelay,
    Duration longestRetryAfter,
    Waiting waiting,
    InstantSource clock) {
  /// Lets time pass.
  @FunctionalInterface
  interface Waiting {
    /// Returns when so much time has passed.
    ///
    /// @throws java.io.InterruptedIOException if nobody wants it any more
    void await(Duration duration, Cancellation cancellation) throws IOException;
  }

  /// That of a user before a terminal.
  static Patience usual() {
    return new Patience(
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        1024,
        6,
        1 << 16,
        Duration.ofMillis(500),
        Duration.ofSeconds(16),
        Duration.ofMinutes(2),
        (duration, cancellation) -> cancellation.await(duration),
        InstantSource.system());
  }

  /// How long to wait after so many failures in a row. Without chance in it: those who ask at the
  /// same time are the threads of one build.
  Duration delay(int failures) {
    Duration delay = firstDelay;
    for (int doubled = 1; doubled < failures && delay.compareTo(longestDelay) < 0; doubled++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(longestDelay) < 0 ? delay : longestDelay;
  }
}
