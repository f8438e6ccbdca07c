package io.github.container2boot.build;

/// Which kernel boots, if the image has several.
public sealed interface KernelChoice {
  /// The newest, by the order of the UAPI version format.
  record Newest() implements KernelChoice {}

  /// The one of this version, as `uname -r` will print it.
  record Version(String version) implements KernelChoice {
    public Version {
      if (version.isEmpty()) {
        throw new IllegalArgumentException("the kernel version is empty");
      }
    }
  }
}
