package io.github.container2boot.build;

/// How the root file system is compressed.
public sealed interface CompressionChoice {
  /// With what the image's kernel can read: zstd, or the best of what there is without it.
  record Automatic() implements CompressionChoice {}
}
