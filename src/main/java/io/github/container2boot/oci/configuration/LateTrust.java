package io.github.container2boot.oci.configuration;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Trusts whom another does that is made when the first server shows a certificate. One that speaks
/// no TLS shows none, and to read the machine's authorities takes longer than to ask it.
final class LateTrust extends X509ExtendedTrustManager {
  /// Reads whom to trust.
  interface Authorities {
    Set<X509Certificate> read() throws IOException;
  }

  /// Makes a trust manager.
  interface Maker {
    X509ExtendedTrustManager make() throws IOException;
  }

  private final Maker maker;
  private @Nullable X509ExtendedTrustManager made;

  LateTrust(Maker maker) {
    this.maker = maker;
  }

  private synchronized X509ExtendedTrustManager made() throws CertificateException {
    X509ExtendedTrustManager known = made;
    if (known == null) {
      try {
        known = maker.make();
      } catch (IOException problem) {
        throw new CertificateException(problem.getMessage(), problem);
      }
      made = known;
    }
    return known;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    made().checkClientTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    made().checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    made().checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    made().checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    made().checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    made().checkServerTrusted(chain, type, engine);
  }

  /// Servers tell their clients whom they accept; clients tell nobody.
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
