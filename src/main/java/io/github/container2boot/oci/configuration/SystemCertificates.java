package io.github.container2boot.oci.configuration;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// The certificate authorities that this machine trusts: those of the Java runtime, and those of
/// the system, where an administrator adds a company's own. A runtime that is shipped with the
/// program knows nothing of these.
///
/// The files, and the variables that name others, are those of Go's crypto/x509, hence of podman.
final class SystemCertificates {
  private static final List<String> BUNDLES =
      List.of(
          "etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch
          "etc/pki/tls/certs/ca-bundle.crt", // Fedora, RHEL
          "etc/ssl/ca-bundle.pem", // SUSE
          "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // RHEL 7
          "etc/ssl/cert.pem"); // Alpine

  private SystemCertificates() {}

  static Set<X509Certificate> read(Places places) throws IOException {
    Set<X509Certificate> certificates = new LinkedHashSet<>(ofJava());
    Optional<Path> bundle = bundle(places);
    if (bundle.isPresent()) {
      certificates.addAll(Pem.understoodCertificates(bundle.get()));
    }
    for (Path file : inDirectories(places)) {
      certificates.addAll(Pem.understoodCertificates(file));
    }
    return certificates;
  }

  private static List<X509Certificate> ofJava() throws IOException {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      List<X509Certificate> certificates = new ArrayList<>();
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager trusting) {
          certificates.addAll(Arrays.asList(trusting.getAcceptedIssuers()));
        }
      }
      return certificates;
    } catch (GeneralSecurityException problem) {
      throw new IOException(
          "cannot read the certificates of the Java runtime: " + problem.getMessage(), problem);
    }
  }

  private static Optional<Path> bundle(Places places) {
    Optional<Path> named = places.variable("SSL_CERT_FILE").map(Path::of);
    return named.isPresent()
        ? named
        : BUNDLES.stream().map(places::machine).filter(Files::isReadable).findFirst();
  }

  /// The usual directory holds what the bundle does, each certificate twice.
  private static List<Path> inDirectories(Places places) throws IOException {
    List<Path> files = new ArrayList<>();
    Optional<String> named = places.variable("SSL_CERT_DIR");
    if (named.isPresent()) {
      for (String directory : named.get().split(File.pathSeparator, -1)) {
        for (Path file : ConfigurationFile.list(Path.of(directory))) {
          if (Files.isRegularFile(file)) {
            files.add(file);
          }
        }
      }
    }
    return files;
  }
}
