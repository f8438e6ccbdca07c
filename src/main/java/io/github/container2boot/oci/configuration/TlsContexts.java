package io.github.container2boot.oci.configuration;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Makes of certificates and keys what Java's TLS takes.
final class TlsContexts {
  private static final char[] NO_PASSWORD = {};

  private TlsContexts() {}

  /// Trusts these authorities, and shows the key of these that is asked for.
  static SSLContext trusting(Set<X509Certificate> authorities, List<ClientKey> keys)
      throws IOException {
    return context(keys, trustManager(authorities));
  }

  /// The same, with authorities that are read when the first server shows a certificate.
  static SSLContext trusting(LateTrust.Authorities authorities, List<ClientKey> keys)
      throws IOException {
    return context(keys, new LateTrust(() -> trustManager(authorities.read())));
  }

  /// Trusts everybody.
  static SSLContext trustingAll(List<ClientKey> keys) throws IOException {
    return context(keys, new TrustingAll());
  }

  private static X509ExtendedTrustManager trustManager(Set<X509Certificate> authorities)
      throws IOException {
    try {
      KeyStore store = emptyStore();
      for (X509Certificate authority : authorities) {
        store.setCertificateEntry("authority " + store.size(), authority);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return Stream.of(factory.getTrustManagers())
          .filter(X509ExtendedTrustManager.class::isInstance)
          .map(X509ExtendedTrustManager.class::cast)
          .findFirst()
          .orElseThrow(() -> new GeneralSecurityException("no trust manager for X.509"));
    } catch (GeneralSecurityException problem) {
      throw unusable(problem);
    }
  }

  private static SSLContext context(List<ClientKey> keys, TrustManager trust) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.isEmpty() ? null : keyManagers(keys), new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException problem) {
      throw unusable(problem);
    }
  }

  private static KeyManager @Nullable [] keyManagers(List<ClientKey> keys)
      throws IOException, GeneralSecurityException {
    KeyStore store = emptyStore();
    for (ClientKey key : keys) {
      X509Certificate[] chain = key.chain().toArray(X509Certificate[]::new);
      store.setKeyEntry("client " + store.size(), key.key(), NO_PASSWORD, chain);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static IOException unusable(GeneralSecurityException problem) {
    return new IOException("cannot set up TLS: " + problem.getMessage(), problem);
  }
}
