package io.github.container2boot.oci;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What the user asked for, on its way to the image.
///
/// @param source what the source is called in messages
/// @param transport the transport that names one of several images, `oci`
/// @param path of the file or directory; empty if it is neither
/// @param reference which of several images
/// @param platform which of several platforms; empty if nobody asked: this machine's
/// @param scratchDirectory where temporary files go
public record Request(
    String source,
    String transport,
    Optional<Path> path,
    Optional<String> reference,
    Optional<Platform> platform,
    Path scratchDirectory) {
  Request withTransport(String changed) {
    return new Request(source, changed, path, reference, platform, scratchDirectory);
  }

  Platform wantedPlatform() {
    return platform.orElseGet(Platform::ofThisMachine);
  }

  /// What a user writes to get the image that is called `reference` here.
  String naming(String reference) {
    return path.map(file -> transport + ":" + file + ":" + reference).orElse(reference);
  }

  /// What to call an image of this source in messages.
  String name(Optional<String> reference) {
    return reference.map(this::naming).orElse(source);
  }

  /// Where there is but one platform, it matters only to who asked for one.
  public void requirePlatform(ImageConfig config) throws SourceException {
    if (platform.isPresent() && config.platform().filter(platform.get()::accepts).isEmpty()) {
      String offered = config.platform().map(Platform::toString).orElse("an unknown platform");
      throw new SourceException(
          new SourceException.NoSuchPlatform(source, platform.get(), true, List.of(offered)));
    }
  }
}
