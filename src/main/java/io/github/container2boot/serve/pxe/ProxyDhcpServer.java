package io.github.container2boot.serve.pxe;

import io.github.container2boot.bytes.FormatException;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Answers boot firmware on the networks of this machine.
///
/// | sockets are bound to | for |
/// |---|---|
/// | port 67 of any address, shared | what clients send to everybody, and relays to us |
/// | port 67 of each address of ours, shared, connected to the broadcast address | answers; hears nothing |
/// | port 4011 of each address of ours | what clients send to us |
public final class ProxyDhcpServer implements Closeable {
  private final ProxyDhcp proxy;
  private final Consumer<RuntimeException> defects;
  private final Ports ports;
  private final List<DatagramChannel> hearing = new ArrayList<>();
  private final Map<Inet4Address, DatagramChannel> answering = new LinkedHashMap<>();

  /// Where DHCP happens.
  ///
  /// @param broadcast where clients send to, and are answered
  /// @param server the port of DHCP servers
  /// @param client the port of their clients
  /// @param bootServer the port of PXE boot servers
  record Ports(Inet4Address broadcast, int server, int client, int bootServer) {
    static final Ports USUAL =
        new Ports((Inet4Address) InetAddress.ofLiteral("255.255.255.255"), 67, 68, 4011);
  }

  private ProxyDhcpServer(BootFiles files, Consumer<RuntimeException> defects, Ports ports) {
    this.proxy = new ProxyDhcp(files);
    this.defects = defects;
    this.ports = ports;
  }

  /// Begins to answer.
  ///
  /// @param addresses of this machine, one for each network
  /// @param defects is told of defects of this program that kept it from answering a packet
  public static ProxyDhcpServer start(
      List<Inet4Address> addresses, BootFiles files, Consumer<RuntimeException> defects)
      throws IOException {
    return start(addresses, files, defects, Ports.USUAL);
  }

  static ProxyDhcpServer start(
      List<Inet4Address> addresses,
      BootFiles files,
      Consumer<RuntimeException> defects,
      Ports ports)
      throws IOException {
    ProxyDhcpServer server = new ProxyDhcpServer(files, defects, ports);
    try {
      server.open(addresses);
      return server;
    } catch (IOException problem) {
      server.close();
      throw problem;
    }
  }

  private void open(List<Inet4Address> addresses) throws IOException {
    DatagramChannel everybody = bound(new InetSocketAddress(ports.server()), true);
    hearing.add(everybody);
    for (Inet4Address address : addresses) {
      DatagramChannel answers = bound(new InetSocketAddress(address, ports.server()), true);
      answering.put(address, answers);
      answers.connect(new InetSocketAddress(ports.broadcast(), ports.client()));
      DatagramChannel requests = bound(new InetSocketAddress(address, ports.bootServer()), false);
      hearing.add(requests);
      listen(requests, received -> acknowledge(requests, received, address));
    }
    listen(everybody, received -> offer(everybody, received));
  }

  private static DatagramChannel bound(InetSocketAddress address, boolean shared)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, shared);
      channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
      return channel.bind(address);
    } catch (IOException problem) {
      channel.close();
      BindException named =
          new BindException(
              "UDP port %d of %s: %s"
                  .formatted(
                      address.getPort(),
                      address.getAddress().getHostAddress(),
                      problem.getMessage()));
      named.initCause(problem);
      throw named;
    }
  }

  /// A packet, and who sent it.
  private record Received(DhcpPacket packet, InetSocketAddress sender) {}

  private interface Handler {
    void handle(Received received) throws IOException;
  }

  private void listen(DatagramChannel channel, Handler handler) {
    Thread.ofPlatform()
        .daemon()
        .name("proxy DHCP")
        .start(() -> {
          ByteBuffer buffer = ByteBuffer.allocate(DhcpPacket.MAX_BYTES);
          while (channel.isOpen()) {
            try {
              InetSocketAddress sender = (InetSocketAddress) channel.receive(buffer.clear());
              handler.handle(new Received(DhcpPacket.read(buffer.flip()), sender));
            } catch (FormatException noise) {
              // nobody to tell: DHCP has no errors for malformed packets
            } catch (IOException passing) {
              // one packet that could not be received or answered; a closed channel ends it
            } catch (RuntimeException defect) {
              defects.accept(defect);
            }
          }
        });
  }

  private void offer(DatagramChannel channel, Received received) throws IOException {
    if (received.packet().isRelayed()) {
      offerToRelay(channel, received.packet());
    } else {
      offerOnEveryNetwork(received.packet());
    }
  }

  /// Java does not say on which network a packet came in, so it is answered on all, with our
  /// address there; where the client is not, nobody waits for this transaction.
  private void offerOnEveryNetwork(DhcpPacket request) {
    answering.forEach((address, channel) ->
        proxy.offer(request, address).ifPresent(offer -> send(channel, offer)));
  }

  private static void send(DatagramChannel channel, DhcpPacket packet) {
    try {
      channel.write(ByteBuffer.wrap(packet.toByteArray()));
    } catch (IOException passing) {
      // a network that is down just now must not keep the answer from the others
    }
  }

  /// A relay is answered at the address it gives, on the servers' port (RFC 2131, section 4.1).
  private void offerToRelay(DatagramChannel channel, DhcpPacket request) throws IOException {
    InetSocketAddress relay = new InetSocketAddress(request.relay(), ports.server());
    Optional<DhcpPacket> offer = proxy.offer(request, addressTowards(relay));
    if (offer.isPresent()) {
      channel.send(ByteBuffer.wrap(offer.get().toByteArray()), relay);
    }
  }

  /// Nothing is sent: the kernel only looks up from where it would be.
  private static Inet4Address addressTowards(InetSocketAddress target) throws IOException {
    try (DatagramChannel way = DatagramChannel.open(StandardProtocolFamily.INET)) {
      way.connect(target);
      return (Inet4Address) ((InetSocketAddress) way.getLocalAddress()).getAddress();
    }
  }

  private void acknowledge(DatagramChannel channel, Received received, Inet4Address server)
      throws IOException {
    Optional<DhcpPacket> answer = proxy.acknowledgment(received.packet(), server);
    if (answer.isPresent()) {
      channel.send(ByteBuffer.wrap(answer.get().toByteArray()), received.sender());
    }
  }

  @Override
  public void close() throws IOException {
    for (DatagramChannel channel : hearing) {
      channel.close();
    }
    for (DatagramChannel channel : answering.values()) {
      channel.close();
    }
  }
}
