package io.github.container2boot.oci.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;

/// Finds out on the loopback whether a server speaks something else than TLS.
///
/// The JDK's client would find out too, but only after it has made keys for the occasion, which
/// takes longer than all else that is asked of a registry whose layers are in the cache.
final class TlsProbe {
  private static final int PATIENCE_MILLIS = 1000;

  /// A ClientHello (RFC 8446, 4.1.2) with nothing in it, in a record (5.1): whoever speaks TLS
  /// answers with an alert. The empty line ends what whoever speaks HTTP/1 takes for a request.
  private static final byte[] QUESTION = {22, 3, 1, 0, 4, 1, 0, 0, 0, '\r', '\n', '\r', '\n'};

  /// `HTTP/1.1 400`.
  private static final int ANSWER_OF_HTTP = 'H';

  private TlsProbe() {}

  /// Whether `origin`, on the loopback, answers TLS in HTTP. False says nothing.
  static boolean findsHttp(Origin origin) {
    try (Socket socket = new Socket(Proxy.NO_PROXY)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(origin.host(), origin.port()), PATIENCE_MILLIS);
      socket.getOutputStream().write(QUESTION);
      return socket.getInputStream().read() == ANSWER_OF_HTTP;
    } catch (IOException | IllegalArgumentException _) {
      return false;
    }
  }
}
