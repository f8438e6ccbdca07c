package io.github.container2boot.oci.configuration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;

/// What this program shows where it is the server.
public final class ServerKey {
  private ServerKey() {}

  /// What proves the server to its clients.
  ///
  /// @param certificate PEM: the server's certificate, then those of its issuers
  /// @param key PEM: the certificate's key (PKCS #8, PKCS #1 or SEC 1), not encrypted
  /// @throws FormatException if these are no certificate and its key
  public static SSLContext context(Path certificate, Path key) throws IOException {
    return TlsContexts.trusting(Set.of(), List.of(ClientKey.read(certificate, key)));
  }
}
