package io.github.container2boot.build;

import java.nio.file.Path;
import java.util.OptionalLong;

/// Where layer images are kept for the next build.
public sealed interface CacheChoice {
  /// Nowhere: they are made beside the outputs, and are gone when these are complete.
  record None() implements CacheChoice {}

  /// In `directory`.
  ///
  /// @param limitBytes how large it may be once the build is over; empty: see
  ///   [io.github.container2boot.layer.CacheDirectory#defaultLimitBytes]
  record In(Path directory, OptionalLong limitBytes) implements CacheChoice {}
}
