package io.github.container2boot.source;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What the user and the environment say about getting images from elsewhere.
///
/// @param environment of the process: where credentials, configuration, sockets and proxies are
/// @param verifyTls whether a registry must prove who it is; empty: what registries.conf says
/// @param certificateDirectory what certificates a registry is met with; empty: the usual places
/// @param authenticationFile where credentials are; empty: the usual places
public record SourceSettings(
    Map<String, String> environment,
    Optional<Boolean> verifyTls,
    Optional<Path> certificateDirectory,
    Optional<Path> authenticationFile) {
  public SourceSettings {
    environment = Map.copyOf(environment);
  }

  /// Nothing was said, and there is no environment.
  public static SourceSettings none() {
    return new SourceSettings(Map.of(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
