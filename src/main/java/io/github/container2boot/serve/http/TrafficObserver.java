package io.github.container2boot.serve.http;

/// Is told what is sent to whom. Called by the server's threads, several at once.
public interface TrafficObserver {
  /// A reply begins.
  ///
  /// @param bodyBytes how many bytes follow its head
  Exchange began(ClientRequest request, int status, long bodyBytes);

  /// One reply.
  interface Exchange {
    /// So many more bytes of the body have been handed to the operating system.
    void sent(long bytes);

    /// The reply is over.
    ///
    /// @param complete whether the client got all of it
    void ended(boolean complete);
  }

  /// Watches nothing.
  static TrafficObserver none() {
    Exchange exchange =
        new Exchange() {
          @Override
          public void sent(long bytes) {}

          @Override
          public void ended(boolean complete) {}
        };
    return (_, _, _) -> exchange;
  }
}
