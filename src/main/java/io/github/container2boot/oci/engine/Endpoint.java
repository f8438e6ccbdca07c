package io.github.container2boot.oci.engine;

import io.github.container2boot.bytes.Shown;
import io.github.container2boot.oci.SourceException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/// Where an engine listens.
public sealed interface Endpoint {
  /// How long to wait for a connection.
  Duration CONNECT_PATIENCE = Duration.ofSeconds(20);

  /// Connects.
  Connection connect() throws IOException;

  /// What the request calls the machine.
  String host();

  /// Reads what users write: `unix:///run/podman/podman.sock`, `tcp://machine:2375`.
  ///
  /// @param variable where they wrote it
  /// @throws SourceException if it is something else
  static Endpoint parse(String variable, String text) throws SourceException {
    Matcher tcp = Addresses.TCP.matcher(text);
    if (tcp.matches()) {
      return new Tcp(tcp.group(1), Integer.parseInt(tcp.group(2)));
    }
    Matcher unix = Addresses.UNIX.matcher(text);
    if (unix.matches()) {
      return new UnixSocket(Path.of(unix.group(1)));
    }
    throw new SourceException(
        new SourceException.NoEngine(
            variable,
            "names %s: expected unix:///PATH or tcp://HOST:PORT".formatted(Shown.text(text))));
  }

  /// How they are written.
  final class Addresses {
    private static final Pattern UNIX = Pattern.compile("unix://(/[^\\x00]+)");
    private static final Pattern TCP =
        Pattern.compile(
            "(?:tcp|http)://(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])/?");

    private Addresses() {}
  }

  /// A socket in the file system.
  record UnixSocket(Path path) implements Endpoint {
    @Override
    public Connection connect() throws IOException {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      return ChannelConnection.connect(channel, UnixDomainSocketAddress.of(path));
    }

    @Override
    public String host() {
      return "localhost";
    }

    @Override
    public String toString() {
      return "unix://" + path;
    }
  }

  /// A port, in the clear.
  record Tcp(String host, int port) implements Endpoint {
    @Override
    public Connection connect() throws IOException {
      return ChannelConnection.connect(SocketChannel.open(), new InetSocketAddress(host, port));
    }

    @Override
    public String toString() {
      return "tcp://" + host + ":" + port;
    }
  }

  /// A port with TLS.
  ///
  /// @param context whom to trust, and who we are
  record Tls(String host, int port, SSLContext context) implements Endpoint {
    @Override
    public Connection connect() throws IOException {
      return TlsConnection.connect(host, port, context);
    }

    @Override
    public String toString() {
      return "tcp://" + host + ":" + port;
    }
  }
}
