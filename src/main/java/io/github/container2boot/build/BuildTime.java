package io.github.container2boot.build;

import java.time.Instant;

/// What the clock says inside the outputs. The clock of the machine that builds is never asked, so
/// that the same input gives the same bytes.
public sealed interface BuildTime {
  /// The time at which the image says it was created.
  record OfImage() implements BuildTime {}

  /// This time, as SOURCE_DATE_EPOCH asks for.
  record Given(Instant instant) implements BuildTime {}
}
