package io.github.container2boot.serve.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Where a server listens, and how much it puts up with.
///
/// @param listen port 0 is any that is free
/// @param tls what proves the server; empty: plain HTTP
/// @param mostConnections more have to wait
/// @param mostHeaderBytes of one request
/// @param patience how long a client may take for the head of a request, and for each [#pieceBytes]
///   of a reply
/// @param pieceBytes how much of a reply is sent at once, and in memory where it is in no file; 1
///   MiB at most
public record HttpSettings(
    InetSocketAddress listen,
    Optional<SSLContext> tls,
    int mostConnections,
    int mostHeaderBytes,
    Duration patience,
    int pieceBytes) {
  public static final int USUAL_CONNECTIONS = 2048;
  public static final int USUAL_HEADER_BYTES = 8 << 10;
  public static final Duration USUAL_PATIENCE = Duration.ofSeconds(30);
  public static final int USUAL_PIECE_BYTES = 256 << 10;

  public static HttpSettings of(InetSocketAddress listen) {
    return new HttpSettings(
        listen,
        Optional.empty(),
        USUAL_CONNECTIONS,
        USUAL_HEADER_BYTES,
        USUAL_PATIENCE,
        USUAL_PIECE_BYTES);
  }

  /// For clients on this machine only, at any port.
  public static HttpSettings loopback() {
    return of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  public HttpSettings withTls(SSLContext identity) {
    return new HttpSettings(
        listen, Optional.of(identity), mostConnections, mostHeaderBytes, patience, pieceBytes);
  }

  public HttpSettings withPatience(Duration other) {
    return new HttpSettings(listen, tls, mostConnections, mostHeaderBytes, other, pieceBytes);
  }

  public HttpSettings withMostConnections(int other) {
    return new HttpSettings(listen, tls, other, mostHeaderBytes, patience, pieceBytes);
  }

  String scheme() {
    return tls.isPresent() ? "https" : "http";
  }
}
