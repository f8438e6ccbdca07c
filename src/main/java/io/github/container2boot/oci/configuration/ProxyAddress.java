package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Where a proxy is: `[http://][USER:PASSWORD@]HOST[:PORT][/]`.
///
/// @param authorization what it wants to hear
record ProxyAddress(String host, int port, Optional<String> authorization) {
  private static final int HTTP = 80;

  /// @param variable what named it; the value is in no message, as it may hold a password
  static ProxyAddress parse(String variable, String value) throws FormatException {
    URI address = uri(variable, value.contains("://") ? value : "http://" + value);
    if (!"http".equalsIgnoreCase(address.getScheme())) {
      throw FormatException.unsupported(
          "%s: only proxies at http:// addresses can be used (HTTPS goes through them all the same)"
              .formatted(variable));
    }
    String host = address.getHost();
    if (host == null || host.isEmpty()) {
      throw malformed(variable);
    }
    return new ProxyAddress(
        withoutBrackets(host),
        address.getPort() >= 0 ? address.getPort() : HTTP,
        Optional.ofNullable(address.getRawUserInfo()).map(ProxyAddress::basic));
  }

  private static URI uri(String variable, String text) throws FormatException {
    try {
      URI address = new URI(text);
      if (address.getPort() > 0xffff) {
        throw malformed(variable);
      }
      return address;
    } catch (URISyntaxException _) {
      throw malformed(variable);
    }
  }

  private static FormatException malformed(String variable) {
    return FormatException.malformed(
        "%s: expected http://[USER:PASSWORD@]HOST[:PORT], with %%XX for special characters"
            .formatted(variable));
  }

  static String withoutBrackets(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /// RFC 7617.
  private static String basic(String userInfo) {
    int colon = userInfo.indexOf(':');
    String user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
    String password = colon < 0 ? "" : decoded(userInfo.substring(colon + 1));
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /// A plus sign means itself here.
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
