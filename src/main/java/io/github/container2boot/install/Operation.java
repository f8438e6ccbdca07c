package io.github.container2boot.install;

/// One step of an installation. After any number of them, in their order, the target boots.
public sealed interface Operation {
  /// Writes a file beside its final name, reads it back, and gives it that name.
  ///
  /// @param replaces whether there is one already
  record Write(SystemFile file, boolean replaces) implements Operation {}

  /// Removes a file, or a directory with all that is in it.
  ///
  /// @param path relative to the target
  record Remove(String path, long sizeBytes) implements Operation {}

  /// Brings all that was done before to the medium, ahead of all that comes later.
  record Synchronise() implements Operation {}
}
