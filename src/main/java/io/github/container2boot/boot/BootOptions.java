package io.github.container2boot.boot;

import java.util.Optional;

/// Choices about what is taken from a root file system.
///
/// @param kernelVersion which kernel, if not the newest
/// @param force whether an initrd or a kernel configuration that cannot boot a live root is taken
///   all the same
public record BootOptions(Optional<String> kernelVersion, boolean force) {
  /// The newest kernel, and only what boots.
  public static BootOptions defaults() {
    return new BootOptions(Optional.empty(), false);
  }
}
