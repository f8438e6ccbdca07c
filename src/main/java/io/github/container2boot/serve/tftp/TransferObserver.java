package io.github.container2boot.serve.tftp;

import java.net.InetSocketAddress;

/// Is told what is sent to whom. Called by the threads of the transfers, several at once.
public interface TransferObserver {
  /// A file that is sent to a client.
  ///
  /// @param path as the client named it
  record Sending(InetSocketAddress client, String path, long sizeBytes) {}

  /// How a transfer ended.
  sealed interface Ending {
    /// All of it was acknowledged.
    record Complete() implements Ending {}

    /// The client wants no more. Firmware ends a transfer so that was only to tell it the size.
    record Declined(String reason) implements Ending {}

    /// The client does not answer any more.
    record Unanswered() implements Ending {}

    /// The file could not be read, or nothing could be sent.
    record Failed(String reason) implements Ending {}
  }

  /// A transfer begins.
  default void began(Sending sending) {}

  /// More of a file has arrived.
  ///
  /// @param bytes how many from the beginning are acknowledged
  default void progressed(Sending sending, long bytes) {}

  /// A transfer is over.
  default void ended(Sending sending, Ending ending) {}

  /// A request that is answered with an error, `reason`.
  default void refused(InetSocketAddress client, String path, String reason) {}

  /// A defect of this program kept it from answering. Other packets are answered all the same.
  default void failed(RuntimeException defect) {}
}
