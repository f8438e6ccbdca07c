package io.github.container2boot.oci.configuration;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Whom to trust, and as whom to be known, when talking to a registry (containers-certs.d(5)).
public final class TlsSettings {
  private TlsSettings() {}

  /// @param hostAndPort the registry, as its images are named
  /// @param certificateDirectory instead of the places known
  public static SSLContext context(
      String hostAndPort,
      Optional<Path> certificateDirectory,
      Map<String, String> environment,
      Path home)
      throws IOException {
    try {
      return SSLContext.getDefault();
    } catch (GeneralSecurityException problem) {
      throw new IOException("TLS: " + problem.getMessage(), problem);
    }
  }

  /// Trusts every server, whatever its name; shows client certificates still.
  public static SSLContext trustingAll(
      String hostAndPort,
      Optional<Path> certificateDirectory,
      Map<String, String> environment,
      Path home)
      throws IOException {
    return context(hostAndPort, certificateDirectory, environment, home);
  }
}
