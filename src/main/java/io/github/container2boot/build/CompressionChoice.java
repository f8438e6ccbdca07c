package io.github.container2boot.build;

import io.github.container2boot.compress.CompressionSettings;

/// How the root file system is compressed.
public sealed interface CompressionChoice {
  /// With what the image's kernel can read: zstd, or the best of what there is without it.
  record Automatic() implements CompressionChoice {}

  /// With this, at this level.
  record Given(CompressionSettings settings) implements CompressionChoice {}
}
