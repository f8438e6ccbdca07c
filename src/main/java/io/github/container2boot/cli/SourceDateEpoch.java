package io.github.container2boot.cli;

import io.github.container2boot.build.BuildTime;
import java.time.Instant;
import java.util.Map;

/// The environment variable by which reproducible builds agree on a time
/// (https://reproducible-builds.org/specs/source-date-epoch/).
final class SourceDateEpoch {
  static final String NAME = "SOURCE_DATE_EPOCH";

  /// The end of the year 9999, the last that every format's text has room for.
  private static final long LATEST = 253_402_300_799L;

  private SourceDateEpoch() {}

  /// The time that `environment` asks for.
  ///
  /// @throws IllegalArgumentException if it asks for no time
  static BuildTime of(Map<String, String> environment) {
    String value = environment.getOrDefault(NAME, "");
    return value.isEmpty()
        ? new BuildTime.OfImage()
        : new BuildTime.Given(Instant.ofEpochSecond(seconds(value)));
  }

  private static long seconds(String value) {
    if (value.matches("[0-9]{1,12}") && Long.parseLong(value) <= LATEST) {
      return Long.parseLong(value);
    }
    throw new IllegalArgumentException(
        NAME + ": expected seconds since 1970, found '" + value + "'");
  }
}
