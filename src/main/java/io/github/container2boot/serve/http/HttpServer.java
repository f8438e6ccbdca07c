package io.github.container2boot.serve.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/// A server that runs from [#start] until it is closed, on threads of its own that keep no process
/// alive.
///
/// To serve some Contents to a process of this machine:
///
/// ```java
/// Site site = Site.of(Map.of("/squashfs.img", resource));
/// try (HttpServer server =
///     HttpServer.start(HttpSettings.loopback(), site, TrafficObserver.none())) {
///   String url = server.origin().url("/squashfs.img");
/// }
/// ```
public final class HttpServer implements Closeable {
  static {
    // Jetty's own log goes nowhere, and slf4j need not tell the user of that. It does so when the
    // first class of Jetty is loaded, so this stands before all others.
    if (System.getProperty("slf4j.internal.verbosity") == null) {
      System.setProperty("slf4j.internal.verbosity", "ERROR");
    }
  }

  /// shim asks for `EFI/BOOT//grubx64.efi`. What a path means is the [Site]'s business.
  private static final UriCompliance FIRMWARE =
      UriCompliance.DEFAULT.with("FIRMWARE", UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT);

  private static final int MOST_THREADS = 64;
  private static final int LEAST_THREADS = 4;

  /// How many connections the kernel keeps that were not accepted yet: a room full of machines is
  /// switched on at once.
  private static final int BACKLOG = 1024;

  private final Server server;
  private final ServerConnector connector;
  private final String scheme;

  private HttpServer(Server server, ServerConnector connector, String scheme) {
    this.server = server;
    this.connector = connector;
    this.scheme = scheme;
  }

  /// Starts a server.
  ///
  /// @throws java.net.BindException if the address or the port cannot be had
  public static HttpServer start(HttpSettings settings, Site site, TrafficObserver observer)
      throws IOException {
    ServerSocketChannel listening = listen(settings.listen());
    Server server = newServer(settings);
    ServerConnector connector = new FileConnector(server);
    connector.setConnectionFactories(java.util.List.of());
    Patience patience = new Patience(connector, settings.patience());
    configure(connector, settings);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(settings.mostConnections(), connector));
    server.addBean(patience);
    server.setHandler(new SiteHandler(site, observer, patience, settings));
    try {
      connector.open(listening);
      server.start();
      return new HttpServer(server, connector, settings.scheme());
    } catch (Exception failed) {
      listening.close();
      throw new IOException("cannot start the server: " + failed.getMessage(), failed);
    }
  }

  private static ServerSocketChannel listen(InetSocketAddress address) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(java.net.StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(address, BACKLOG);
      return channel;
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  private static Server newServer(HttpSettings settings) {
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
    threads.setName("http");
    threads.setDaemon(true);
    Server server =
        new Server(
            threads,
            new ScheduledExecutorScheduler("http-scheduler", true),
            new ArrayByteBufferPool(-1, -1, settings.pieceBytes()));
    ErrorHandler errors = new ErrorHandler();
    errors.setShowStacks(false);
    errors.setShowCauses(false);
    errors.setShowOrigin(false);
    server.setErrorHandler(errors);
    server.setStopTimeout(0);
    return server;
  }

  private static void configure(ServerConnector connector, HttpSettings settings) {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setRequestHeaderSize(settings.mostHeaderBytes());
    configuration.setSendServerVersion(false);
    configuration.setUriCompliance(FIRMWARE);
    configuration.setIdleTimeout(settings.patience().toMillis());
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    if (settings.tls().isPresent()) {
      configuration.addCustomizer(new SecureRequestCustomizer(false));
      SslContextFactory.Server identity = new SslContextFactory.Server();
      identity.setSslContext(settings.tls().get());
      connector.addConnectionFactory(new SslConnectionFactory(identity, http.getProtocol()));
    }
    connector.addConnectionFactory(http);
    connector.setIdleTimeout(settings.patience().toMillis());
    connector.setAcceptQueueSize(BACKLOG);
  }

  /// Its connections can send regions of files.
  private static final class FileConnector extends ServerConnector {
    FileConnector(Server server) {
      super(server, 1, -1);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(
        SocketChannel channel, ManagedSelector selector, SelectionKey key) {
      SocketChannelEndPoint client = new FileEndPoint(channel, selector, key, getScheduler());
      client.setIdleTimeout(getIdleTimeout());
      return client;
    }
  }

  /// Where it listens.
  public InetSocketAddress address() {
    try {
      ServerSocketChannel channel = (ServerSocketChannel) connector.getTransport();
      return (InetSocketAddress) channel.getLocalAddress();
    } catch (IOException closed) {
      throw new IllegalStateException("the server is closed", closed);
    }
  }

  /// How clients of this machine call it.
  public Origin origin() {
    InetSocketAddress address = address();
    return Origin.of(
        scheme,
        address.getAddress().isAnyLocalAddress()
            ? new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), address.getPort())
            : address);
  }

  /// How many clients are connected.
  public int connections() {
    return connector.getConnectedEndPoints().size();
  }

  /// Stops at once; whoever is still being served gets no more.
  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception failed) {
      throw new IOException("cannot stop the server: " + failed.getMessage(), failed);
    }
  }
}
