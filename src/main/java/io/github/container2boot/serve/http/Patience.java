package io.github.container2boot.serve.http;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;

/// Ends connections whose clients take longer than they may: for the head of a request, for the
/// next piece of a reply, or for another request.
///
/// A client that sends or takes one byte at a time is never idle, so idle timeouts alone let it
/// stay for days.
final class Patience extends AbstractLifeCycle {
  private static final int LOOKS = 4;
  private static final Duration EXCUSED = Duration.ofHours(1);

  private final ServerConnector connector;
  private final Duration patience;
  private final Map<SocketAddress, Long> progress = new ConcurrentHashMap<>();

  Patience(ServerConnector connector, Duration patience) {
    this.connector = connector;
    this.patience = patience;
  }

  /// `client` has done its part.
  void progressed(SocketAddress client) {
    progress.put(client, System.nanoTime());
  }

  /// It is `client` who has to wait, until it is answered.
  void excuse(SocketAddress client) {
    progress.put(client, System.nanoTime() + EXCUSED.toNanos());
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    scheduleNext();
  }

  private void scheduleNext() {
    connector
        .getScheduler()
        .schedule(this::look, patience.toMillis() / LOOKS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (!isRunning()) {
      return;
    }
    long now = System.nanoTime();
    Map<SocketAddress, EndPoint> connected = new java.util.HashMap<>();
    for (EndPoint client : connector.getConnectedEndPoints()) {
      connected.put(client.getRemoteSocketAddress(), client);
    }
    progress.keySet().retainAll(connected.keySet());
    connected.forEach((address, client) -> {
      if (now - lastProgress(address, now) > patience.toNanos()) {
        client.close(new TimeoutException("too slow"));
      }
    });
    scheduleNext();
  }

  /// Who has just come is seen for the first time.
  private long lastProgress(SocketAddress client, long now) {
    Long last = progress.putIfAbsent(client, now);
    return last == null ? now : last;
  }
}
