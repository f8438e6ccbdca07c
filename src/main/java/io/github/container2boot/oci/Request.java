package io.github.container2boot.oci;

import java.nio.file.Path;
import java.util.Optional;

/// What the user asked for, on its way to the image.
///
/// @param source what the source is called in messages
/// @param prefix a source that names one of several images begins with this, its reference follows
/// @param reference which of several images
/// @param platform which of several platforms; empty if nobody asked: this machine's
/// @param scratchDirectory where temporary files go
record Request(
    String source,
    String prefix,
    Optional<String> reference,
    Optional<Platform> platform,
    Path scratchDirectory) {
  Platform wantedPlatform() {
    return platform.orElseGet(Platform::ofThisMachine);
  }

  /// What to call an image of this source in messages.
  String name(Optional<String> reference) {
    return reference.map(known -> prefix + known).orElse(source);
  }
}
