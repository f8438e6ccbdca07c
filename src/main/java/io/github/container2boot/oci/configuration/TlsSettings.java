package io.github.container2boot.oci.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/// Whom to trust, and as whom to be known, when talking to a registry (containers-certs.d(5)).
///
/// | in the first of these directories that is there, or in `--cert-dir` | |
/// |---|---|
/// | `~/.config/containers/certs.d/HOST[:PORT]` | |
/// | `/etc/containers/certs.d/HOST[:PORT]` | |
/// | `/etc/docker/certs.d/HOST[:PORT]` | |
/// | `*.crt` | certificate authorities, in addition to the machine's |
/// | `NAME.cert`, `NAME.key` | a client certificate and its key, not encrypted |
public final class TlsSettings {
  private static final String CERTIFICATES = "containers/certs.d";

  private TlsSettings() {}

  /// Trusts whom the machine trusts, and those named for this registry.
  ///
  /// @param hostAndPort the registry, as its images are named
  /// @param certificateDirectory instead of the places known; it has to be there
  public static SSLContext context(
      String hostAndPort, Optional<Path> certificateDirectory, Places places) throws IOException {
    Optional<Path> directory = directory(hostAndPort, certificateDirectory, places);
    List<X509Certificate> authorities = new ArrayList<>();
    if (directory.isPresent()) {
      for (Path file : ConfigurationFile.list(directory.get(), ".crt")) {
        authorities.addAll(Pem.certificates(file));
      }
    }
    return TlsContexts.trusting(
        () -> {
          Set<X509Certificate> all = SystemCertificates.read(places);
          all.addAll(authorities);
          return all;
        },
        clientKeys(directory));
  }

  /// Trusts every server, whatever its name; shows client certificates still.
  ///
  /// @param hostAndPort the registry, as its images are named
  /// @param certificateDirectory instead of the places known; it has to be there
  public static SSLContext trustingAll(
      String hostAndPort, Optional<Path> certificateDirectory, Places places) throws IOException {
    return TlsContexts.trustingAll(
        clientKeys(directory(hostAndPort, certificateDirectory, places)));
  }

  private static Optional<Path> directory(String hostAndPort, Optional<Path> given, Places places)
      throws IOException {
    if (given.isPresent()) {
      if (!Files.isDirectory(given.get())) {
        throw new IOException(
            ConfigurationFile.shown(given.get()) + ": no such directory of certificates");
      }
      return given;
    }
    for (Path parent :
        List.of(
            places.configuration().resolve(CERTIFICATES),
            places.machine("etc").resolve(CERTIFICATES),
            places.machine("etc/docker/certs.d"))) {
      Optional<Path> directory = child(parent, hostAndPort).filter(Files::isDirectory);
      if (directory.isPresent()) {
        return directory;
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> child(Path parent, String name) {
    try {
      boolean plain = Path.of(name).getNameCount() == 1 && !name.startsWith(".");
      return plain ? Optional.of(parent.resolve(name)) : Optional.empty();
    } catch (InvalidPathException _) {
      // Windows has no colons in names.
      return Optional.empty();
    }
  }

  /// A certificate without its key, or a key without its certificate, is one that its owner takes
  /// for complete.
  private static List<ClientKey> clientKeys(Optional<Path> directory) throws IOException {
    List<ClientKey> keys = new ArrayList<>();
    if (directory.isPresent()) {
      for (Path certificate : ConfigurationFile.list(directory.get(), ".cert")) {
        Path key = sibling(certificate, ".key");
        if (!Files.exists(key)) {
          throw Pem.malformed(
              certificate,
              "its key, %s, is missing; authorities are in *.crt".formatted(key.getFileName()));
        }
        keys.add(ClientKey.read(certificate, key));
      }
      for (Path key : ConfigurationFile.list(directory.get(), ".key")) {
        Path certificate = sibling(key, ".cert");
        if (!Files.exists(certificate)) {
          throw Pem.malformed(
              key, "its certificate, %s, is missing".formatted(certificate.getFileName()));
        }
      }
    }
    return keys;
  }

  private static Path sibling(Path file, String extension) {
    String name = String.valueOf(file.getFileName());
    return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + extension);
  }
}
