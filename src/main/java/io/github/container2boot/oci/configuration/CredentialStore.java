package io.github.container2boot.oci.configuration;

import io.github.container2boot.oci.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where credentials for registries lie (containers-auth.json(5), and docker's `config.json`).
public final class CredentialStore {
  private CredentialStore() {}

  /// @param authFile the only file to look into, if the user names one
  public static CredentialStore of(
      Map<String, String> environment, Path home, Optional<Path> authFile) {
    return new CredentialStore();
  }

  /// The credentials for the image's repository where its name says it is.
  public Optional<Credentials> find(Reference image) throws IOException {
    return find(image.domain(), image.path());
  }

  /// The most specific credentials: for `host/namespace/repository`, `host/namespace`, `host`.
  public Optional<Credentials> find(String host, String path) throws IOException {
    return Optional.empty();
  }
}
