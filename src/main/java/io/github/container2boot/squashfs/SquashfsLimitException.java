package io.github.container2boot.squashfs;

import java.io.IOException;

/// A tree does not fit the format, or what this program is ready to spend on it.
public final class SquashfsLimitException extends IOException {
  private final String what;
  private final long found;
  private final long largest;

  SquashfsLimitException(String what, long found, long largest) {
    super("SquashFS cannot hold %s: found %d, expected at most %d".formatted(what, found, largest));
    this.what = what;
    this.found = found;
    this.largest = largest;
  }

  static void require(String what, long found, long largest) throws SquashfsLimitException {
    if (found > largest) {
      throw new SquashfsLimitException(what, found, largest);
    }
  }

  /// What there is too much of, in words: `a symbolic link's bytes`.
  public String what() {
    return what;
  }

  public long found() {
    return found;
  }

  public long largest() {
    return largest;
  }
}
