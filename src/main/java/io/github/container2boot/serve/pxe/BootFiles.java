package io.github.container2boot.serve.pxe;

import java.net.Inet4Address;
import java.util.Optional;

/// What machines boot.
@FunctionalInterface
public interface BootFiles {
  /// The name of the first file for `client`: for [NetworkClient.Kind#PXE] as TFTP has it, for the
  /// others a URL. Empty if there is nothing for it: then it gets no answer.
  ///
  /// @param server this machine's address on the network from which the client asks
  Optional<String> find(NetworkClient client, Inet4Address server);
}
