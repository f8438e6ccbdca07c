package io.github.container2boot.serve.tftp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Who may have a transfer: so many at once, so many for each address, one for each client's port.
final class Admission {
  private static final int MAX_TRANSFERS = 1024;
  private static final int MAX_TRANSFERS_OF_ADDRESS = 16;

  private final int most;
  private final int mostOfAddress;
  private final Set<InetSocketAddress> clients = new HashSet<>();
  private final Map<InetAddress, Integer> addresses = new HashMap<>();

  Admission(int most, int mostOfAddress) {
    this.most = most;
    this.mostOfAddress = mostOfAddress;
  }

  static Admission usual() {
    return new Admission(MAX_TRANSFERS, MAX_TRANSFERS_OF_ADDRESS);
  }

  /// Whether `client` may have a transfer; if so, it must be released.
  synchronized boolean admit(InetSocketAddress client) {
    int ofAddress = addresses.getOrDefault(client.getAddress(), 0);
    if (clients.size() >= most || ofAddress >= mostOfAddress || !clients.add(client)) {
      return false;
    }
    addresses.put(client.getAddress(), ofAddress + 1);
    return true;
  }

  synchronized void release(InetSocketAddress client) {
    clients.remove(client);
    addresses.computeIfPresent(client.getAddress(), (_, count) -> count == 1 ? null : count - 1);
  }
}
