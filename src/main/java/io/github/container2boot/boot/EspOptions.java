package io.github.container2boot.boot;

import java.time.Instant;

/// Choices about an EFI system partition.
///
/// @param timeoutSeconds how long the boot menu is shown
/// @param keepFallback whether shim's fallback loader goes along, which writes boot entries into
///   the NVRAM of every machine that boots the medium
/// @param modified the time of every file and directory
public record EspOptions(int timeoutSeconds, boolean keepFallback, Instant modified) {
  public static final int DEFAULT_TIMEOUT_SECONDS = 2;

  /// A short menu, no fallback loader.
  public static EspOptions of(Instant modified) {
    return new EspOptions(DEFAULT_TIMEOUT_SECONDS, false, modified);
  }
}
