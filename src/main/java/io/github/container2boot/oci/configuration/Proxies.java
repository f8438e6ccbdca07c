package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The proxies that the environment names, as Go's programs read it, hence podman and skopeo:
/// `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, or the same in lower case.
///
/// Ask for these before the first `HttpClient` is made: the JDK reads once whether a proxy that
/// tunnels may be told a password.
public final class Proxies extends ProxySelector {
  /// Java never tells a proxy a password in the clear through which it tunnels, unless this is
  /// empty. A user who writes the password into the variable wants it told.
  private static final String UNTOLD_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

  private final Optional<ProxyAddress> secure;
  private final Optional<ProxyAddress> plain;
  private final ProxyExceptions exceptions;

  private Proxies(
      Optional<ProxyAddress> secure, Optional<ProxyAddress> plain, ProxyExceptions exceptions) {
    this.secure = secure;
    this.plain = plain;
    this.exceptions = exceptions;
  }

  /// Chooses the proxy, if any, for each address.
  ///
  /// @throws FormatException if a variable names none, or one of a kind that we cannot use
  public static ProxySelector of(Map<String, String> environment) throws IOException {
    return read(environment);
  }

  /// The value of the header `Proxy-Authorization` for requests to `target`, if they go through a
  /// proxy that wants one. `HttpClient` hands it to the proxy alone where that tunnels; after a
  /// redirect it has to be asked for again.
  public static Optional<String> authorization(Map<String, String> environment, URI target)
      throws IOException {
    return read(environment).proxy(target).flatMap(ProxyAddress::authorization);
  }

  private static Proxies read(Map<String, String> environment) throws FormatException {
    Proxies proxies =
        new Proxies(
            address(environment, "HTTPS_PROXY"),
            address(environment, "HTTP_PROXY"),
            ProxyExceptions.parse(variable(environment, "NO_PROXY").orElse("")));
    if (proxies.secure.flatMap(ProxyAddress::authorization).isPresent()
        && System.getProperty(UNTOLD_SCHEMES) == null) {
      System.setProperty(UNTOLD_SCHEMES, "");
    }
    return proxies;
  }

  private static Optional<ProxyAddress> address(Map<String, String> environment, String name)
      throws FormatException {
    Optional<String> value = variable(environment, name);
    return value.isEmpty()
        ? Optional.empty()
        : Optional.of(ProxyAddress.parse(name.toLowerCase(Locale.ROOT), value.get()));
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .filter(value -> !value.isEmpty())
        .or(() -> Optional.ofNullable(environment.get(name.toLowerCase(Locale.ROOT))))
        .filter(value -> !value.isEmpty());
  }

  private Optional<ProxyAddress> proxy(URI target) {
    boolean https = "https".equalsIgnoreCase(target.getScheme());
    int port = target.getPort() >= 0 ? target.getPort() : https ? 443 : 80;
    Optional<ProxyAddress> proxy = https ? secure : plain;
    return target.getHost() == null || exceptions.contain(target.getHost(), port)
        ? Optional.empty()
        : proxy;
  }

  @Override
  public List<Proxy> select(URI target) {
    return List.of(
        proxy(target)
            .map(address ->
                // Not resolved here, so that it is again for each connection.
                new Proxy(
                    Proxy.Type.HTTP,
                    InetSocketAddress.createUnresolved(address.host(), address.port())))
            .orElse(Proxy.NO_PROXY));
  }

  /// There is no other to turn to.
  @Override
  public void connectFailed(URI target, SocketAddress address, IOException problem) {}
}
