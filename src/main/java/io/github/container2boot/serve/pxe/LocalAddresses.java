package io.github.container2boot.serve.pxe;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;

/// The addresses of this machine on its networks.
public final class LocalAddresses {
  private LocalAddresses() {}

  /// The IPv4 addresses that listening on `listen` means: itself, or all but loopback if it is the
  /// wildcard. Empty if it is an IPv6 address.
  public static List<Inet4Address> of(InetAddress listen) throws IOException {
    if (!listen.isAnyLocalAddress()) {
      return listen instanceof Inet4Address address ? List.of(address) : List.of();
    }
    List<Inet4Address> addresses = new ArrayList<>();
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      if (network.isUp() && !network.isLoopback()) {
        network
            .inetAddresses()
            .filter(Inet4Address.class::isInstance)
            .map(Inet4Address.class::cast)
            .forEach(addresses::add);
      }
    }
    return addresses;
  }
}
