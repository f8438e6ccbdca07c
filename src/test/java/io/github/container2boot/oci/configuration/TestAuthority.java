package io.github.container2boot.oci.configuration;

import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate authority of a test's own, by openssl.
final class TestAuthority {
  private static final String PASSWORD = "password";

  private final Path directory;

  private TestAuthority(Path directory) {
    this.directory = directory;
  }

  static TestAuthority in(Path directory) throws IOException {
    Tools.require("openssl");
    Files.createDirectories(directory);
    TestAuthority authority = new TestAuthority(directory);
    authority.request("authority", "ec", "-addext", "basicConstraints=critical,CA:TRUE");
    return authority;
  }

  Path certificate() {
    return certificate("authority");
  }

  Path certificate(String name) {
    return directory.resolve(name + ".crt");
  }

  Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /// Makes a key and a certificate for it.
  ///
  /// @param algorithm `rsa`, `ec` or `ed25519`
  TestAuthority issue(String name, String algorithm, String... options) {
    List<String> all = new ArrayList<>(List.of("-CA", certificate().toString()));
    all.addAll(List.of("-CAkey", key("authority").toString()));
    all.addAll(List.of(options));
    request(name, algorithm, all.toArray(String[]::new));
    return this;
  }

  private void request(String name, String algorithm, String... options) {
    List<Object> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes"));
    command.addAll(List.of("-days", "2", "-subj", "/CN=" + name));
    command.addAll(List.of("-newkey", algorithm.equals("rsa") ? "rsa:2048" : algorithm));
    if (algorithm.equals("ec")) {
      command.addAll(List.of("-pkeyopt", "ec_paramgen_curve:P-256"));
    }
    command.addAll(List.of("-keyout", key(name), "-out", certificate(name)));
    command.addAll(List.of(options));
    Tools.run(command.toArray());
  }

  /// What a server that shows `name` talks TLS by.
  SSLContext server(String name) throws IOException, GeneralSecurityException {
    Path bundle = directory.resolve(name + ".p12");
    Tools.run(
        "openssl",
        "pkcs12",
        "-export",
        "-in",
        certificate(name),
        "-inkey",
        key(name),
        "-out",
        bundle,
        "-passout",
        "pass:" + PASSWORD);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store(bundle), PASSWORD.toCharArray());
    KeyStore authorities = KeyStore.getInstance("PKCS12");
    authorities.load(null, null);
    authorities.setCertificateEntry("authority", Pem.certificates(certificate()).getFirst());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(file)) {
      store.load(stream, PASSWORD.toCharArray());
    }
    return store;
  }
}
