package io.github.container2boot.oci.registry;

import java.net.URI;
import java.util.Locale;

/// Whom a request goes to (RFC 6454): a secret for one origin is for no other.
///
/// @param scheme `http` or `https`
/// @param host in lower case
/// @param port also if it is the usual one
record Origin(String scheme, String host, int port) {
  private static final String HTTPS = "https";
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /// @throws IllegalArgumentException if `address` is none that a request can go to
  static Origin of(URI address) {
    String scheme = lowerCase(String.valueOf(address.getScheme()));
    boolean secure = scheme.equals(HTTPS);
    if (address.getHost() == null || (!secure && !scheme.equals("http"))) {
      throw new IllegalArgumentException("no address of a web server");
    }
    int usual = secure ? HTTPS_PORT : HTTP_PORT;
    int port = address.getPort() < 0 ? usual : address.getPort();
    return new Origin(scheme, lowerCase(address.getHost()), port);
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  boolean isSecure() {
    return scheme.equals(HTTPS);
  }

  /// As images are named: the port only if it is an unusual one.
  String hostAndPort() {
    return port == (isSecure() ? HTTPS_PORT : HTTP_PORT) ? host : host + ":" + port;
  }
}
