package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What the user and the machine say about registries: mirrors, moved and blocked ones, short names
/// (containers-registries.conf(5)).
public final class RegistriesConfiguration {
  private RegistriesConfiguration() {}

  /// @throws FormatException that names file and line
  public static RegistriesConfiguration of(Map<String, String> environment, Path home)
      throws IOException {
    return new RegistriesConfiguration();
  }

  /// Where to look for an image, in order: mirrors that serve such a reference, then the registry
  /// itself.
  public List<Endpoint> endpoints(Reference reference) {
    return List.of(
        new Endpoint(reference.domain(), reference.path(), false, false, Endpoint.Pull.ALL));
  }

  /// Whether the image must not be fetched.
  public boolean isBlocked(Reference reference) {
    return false;
  }

  /// What a name without a registry may mean, in the order to try; a complete name is itself.
  public List<Reference> candidates(String name) throws IOException {
    return List.of(Reference.parse(name));
  }
}
