package io.github.container2boot.source;

import io.github.container2boot.oci.Platform;
import io.github.container2boot.oci.registry.RegistryAccess;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// What a source is opened with.
///
/// @param platform which platform's image, if there are several; empty: this machine's, or the only
///   one
/// @param scratchDirectory where archives that are compressed or come through a pipe are stored
///   while the image is open; only temporary files without a name are made there
/// @param notes is told what was chosen where the user left a choice, one line each
public record Opening(
    Optional<Platform> platform,
    Path scratchDirectory,
    SourceSettings settings,
    Consumer<String> notes) {
  /// What is enough for what lies in files.
  public static Opening ofFiles(Optional<Platform> platform, Path scratchDirectory) {
    return new Opening(platform, scratchDirectory, SourceSettings.none(), _ -> {});
  }

  RegistryAccess registryAccess() {
    return new RegistryAccess(
        settings.environment(),
        settings.verifyTls(),
        settings.certificateDirectory(),
        settings.authenticationFile(),
        notes);
  }
}
