package io.github.container2boot.serve.http;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/// How a client calls this server.
///
/// @param host a name or an address, an IPv6 one in brackets
public record Origin(String scheme, String host, int port) {
  /// Everything else could mean something to a script or a page it is written into.
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}\\]");

  public Origin {
    if (!isPlain(host)) {
      throw new IllegalArgumentException(host);
    }
  }

  static boolean isPlain(String host) {
    return HOST.matcher(host).matches();
  }

  public static Origin of(String scheme, InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    String unscoped = host.contains("%") ? host.substring(0, host.indexOf('%')) : host;
    return new Origin(
        scheme,
        address.getAddress() instanceof Inet6Address ? "[" + unscoped + "]" : unscoped,
        address.getPort());
  }

  /// `10.0.0.1:8080`, without the port that goes without saying.
  public String authority() {
    boolean usual = port == (scheme.equals("https") ? 443 : 80);
    return host.toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port);
  }

  /// The address of what stands under a path.
  ///
  /// @param path with a slash in front
  public String url(String path) {
    return scheme + "://" + authority() + path;
  }
}
