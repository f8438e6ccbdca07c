package io.github.container2boot.oci.registry;

import io.github.container2boot.oci.configuration.CredentialStore;
import io.github.container2boot.oci.configuration.Places;
import io.github.container2boot.oci.configuration.RegistriesConfiguration;
import io.github.container2boot.oci.configuration.TlsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/// What the user and the machine say about getting at registries.
///
/// @param environment of the process: where credentials and configuration are, and which proxies
/// @param verifyTls whether registries must prove who they are; empty: what registries.conf says
/// @param certificateDirectory what certificates a registry is met with; empty: the usual places
/// @param authenticationFile where credentials are; empty: the usual places
/// @param notes is told what is worth knowing when asked for details, on any thread
public record RegistryAccess(
    Map<String, String> environment,
    Optional<Boolean> verifyTls,
    Optional<Path> certificateDirectory,
    Optional<Path> authenticationFile,
    Consumer<String> notes) {
  public RegistryAccess {
    environment = Map.copyOf(environment);
  }

  private Places places() {
    return Places.of(environment);
  }

  /// What registries.conf says.
  public RegistriesConfiguration registries() throws IOException {
    return RegistriesConfiguration.of(places());
  }

  CredentialStore credentials() {
    return CredentialStore.of(places(), authenticationFile);
  }

  SSLContext tls(String hostAndPort, boolean trusting) throws IOException {
    return trusting
        ? TlsSettings.trustingAll(hostAndPort, certificateDirectory, places())
        : TlsSettings.context(hostAndPort, certificateDirectory, places());
  }
}
