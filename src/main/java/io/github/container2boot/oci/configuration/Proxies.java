package io.github.container2boot.oci.configuration;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// The proxies that the environment names: `https_proxy`, `http_proxy`, `no_proxy`.
///
/// Ask for these before the first `HttpClient` is made: the JDK reads once whether a proxy that
/// tunnels may be told a password.
public final class Proxies {
  private Proxies() {}

  /// Chooses the proxy, if any, for each address.
  public static ProxySelector of(Map<String, String> environment) throws IOException {
    return ProxySelector.of(null);
  }

  /// The value of the header `Proxy-Authorization` for requests to `target`, if they go through a
  /// proxy that wants one. `HttpClient` hands it to the proxy alone, over a tunnel too.
  public static Optional<String> authorization(Map<String, String> environment, URI target)
      throws IOException {
    return Optional.empty();
  }
}
