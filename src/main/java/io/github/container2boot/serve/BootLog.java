package io.github.container2boot.serve;

import io.github.container2boot.serve.http.ClientRequest;
import java.net.InetAddress;

/// Is told what happens. Called by the server's threads, several at once.
public interface BootLog {
  /// A boot is over, as far as the server sees it: the machine has all of its root, or did not ask
  /// for more.
  void booted(MachineProgress boot);

  /// A reply is over.
  ///
  /// @param complete whether the client got all of it
  default void answered(ClientRequest request, int status, long sentBytes, boolean complete) {}

  /// A file went by TFTP, or did not.
  ///
  /// @param how how that ended
  default void transferred(InetAddress client, String path, String how) {}

  /// A defect of this program showed when it was about to answer somebody. It goes on with the
  /// next.
  default void failed(RuntimeException defect) {}
}
