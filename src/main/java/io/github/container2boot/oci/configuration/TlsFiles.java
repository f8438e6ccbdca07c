package io.github.container2boot.oci.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;

/// Files that somebody names for one connection over TLS. None has to be there.
///
/// @param authorities whom to trust, and nobody else; if it is missing, whom the machine trusts
/// @param certificate what to be known by, if its key is there too
/// @param key the certificate's, not encrypted
public record TlsFiles(Path authorities, Path certificate, Path key) {
  /// Trusts these authorities.
  public SSLContext context(Places places) throws IOException {
    Set<X509Certificate> trusted =
        Files.exists(authorities)
            ? new LinkedHashSet<>(Pem.certificates(authorities))
            : SystemCertificates.read(places);
    return TlsContexts.trusting(trusted, clientKeys());
  }

  /// Trusts everybody.
  public SSLContext trustingAll() throws IOException {
    return TlsContexts.trustingAll(clientKeys());
  }

  private List<ClientKey> clientKeys() throws IOException {
    return Files.exists(certificate) && Files.exists(key)
        ? List.of(ClientKey.read(certificate, key))
        : List.of();
  }
}
