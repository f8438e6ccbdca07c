package io.github.container2boot.squashfs;

import java.time.Instant;

/// Times as the format has them: whole seconds since 1970, unsigned 32 bits. What lies outside
/// becomes the nearest time that can be said.
final class Timestamp {
  private static final long LAST = 0xffff_ffffL;

  private Timestamp() {}

  static long toSeconds(Instant time) {
    return Math.clamp(time.getEpochSecond(), 0, LAST);
  }
}
