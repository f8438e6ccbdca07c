package io.github.container2boot.serve.pxe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.serve.pxe.ProxyDhcpServer.Ports;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// On the loopback network, whose broadcast address is one like any other's.
@Timeout(60)
class ProxyDhcpServerTest {
  private static final Inet4Address LOOPBACK = address("127.0.0.1");
  private static final Inet4Address SECOND = address("127.0.0.2");
  private static final Inet4Address BROADCAST = address("127.255.255.255");
  private static final DhcpPacket DISCOVER = Requests.discover("PXEClient:Arch:00007", 7);

  private final BlockingQueue<RuntimeException> defects = new LinkedBlockingQueue<>();
  private DatagramSocket client;
  private Ports ports;

  private static Inet4Address address(String text) {
    return (Inet4Address) InetAddress.ofLiteral(text);
  }

  @BeforeEach
  void open() throws IOException {
    client = new DatagramSocket(0);
    client.setBroadcast(true);
    client.setSoTimeout(10_000);
    ports = new Ports(BROADCAST, free(), client.getLocalPort(), free());
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static int free() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private ProxyDhcpServer start(Inet4Address... addresses) throws IOException {
    return start(
        (client, server) -> Optional.of(server.getHostAddress() + "/" + client.kind()), addresses);
  }

  private ProxyDhcpServer start(BootFiles files, Inet4Address... addresses) throws IOException {
    return ProxyDhcpServer.start(List.of(addresses), files, defects::add, ports);
  }

  @Test
  void aBroadcastIsAnsweredByOne() throws IOException {
    try (ProxyDhcpServer _ = start(LOOPBACK)) {
      send(BROADCAST, ports.server(), DISCOVER);
      DatagramPacket answer = receive();
      assertThat(answer.getSocketAddress())
          .isEqualTo(new InetSocketAddress(LOOPBACK, ports.server()));
      DhcpPacket offer = packet(answer);
      assertThat(offer.messageType()).isEqualTo(2);
      assertThat(offer.nextServer()).isEqualTo(LOOPBACK);
      assertThat(offer.bootFile()).isEqualTo("127.0.0.1/PXE");
    }
  }

  @Test
  void itIsAnsweredFromEveryAddress() throws IOException {
    try (ProxyDhcpServer _ = start(LOOPBACK, SECOND)) {
      send(BROADCAST, ports.server(), DISCOVER);
      assertThat(List.of(packet(receive()).bootFile(), packet(receive()).bootFile()))
          .containsExactlyInAnyOrder("127.0.0.1/PXE", "127.0.0.2/PXE");
    }
  }

  @Test
  void aRequestToTheBootServersPortIsAnsweredToItsSender() throws IOException {
    try (ProxyDhcpServer _ = start(LOOPBACK);
        DatagramSocket other = new DatagramSocket(0, LOOPBACK)) {
      byte[] request = Requests.request(3, "PXEClient", 7).toByteArray();
      other.setSoTimeout(10_000);
      other.send(
          new DatagramPacket(
              request, request.length, new InetSocketAddress(LOOPBACK, ports.bootServer())));
      DatagramPacket answer = received(other);
      assertThat(packet(answer).messageType()).isEqualTo(5);
      assertThat(answer.getPort()).isEqualTo(ports.bootServer());
    }
  }

  @Test
  void noiseDoesNotStopIt() throws IOException {
    try (ProxyDhcpServer _ = start(LOOPBACK)) {
      client.send(
          new DatagramPacket(new byte[9], 9, new InetSocketAddress(BROADCAST, ports.server())));
      client.send(
          new DatagramPacket(new byte[9], 9, new InetSocketAddress(LOOPBACK, ports.bootServer())));
      send(BROADCAST, ports.server(), Requests.discover("PXEClient", 0));
      send(BROADCAST, ports.server(), DISCOVER);
      assertThat(packet(receive()).bootFile()).isEqualTo("127.0.0.1/PXE");
    }
  }

  @Test
  void aDefectIsToldAndDoesNotStopIt() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    BootFiles files =
        (_, _) -> {
          if (asked.getAndIncrement() == 0) {
            throw new IllegalStateException("a defect");
          }
          return Optional.of("second");
        };
    try (ProxyDhcpServer _ = start(files, LOOPBACK)) {
      send(BROADCAST, ports.server(), DISCOVER);
      assertThat(defects.poll(30, TimeUnit.SECONDS)).hasMessage("a defect");
      send(BROADCAST, ports.server(), DISCOVER);
      assertThat(packet(receive()).bootFile()).isEqualTo("second");
    }
  }

  @Test
  void aDhcpServerBesideItHearsWhatIsSentToItsAddress() throws IOException {
    try (DatagramSocket server = new DatagramSocket(null)) {
      server.setReuseAddress(true);
      server.setSoTimeout(10_000);
      server.bind(new InetSocketAddress(SECOND, ports.server()));
      try (ProxyDhcpServer _ = start(LOOPBACK)) {
        DhcpPacket renewal = Requests.request(3, "PXEClient", 7);
        send(SECOND, ports.server(), renewal);
        assertThat(packet(received(server))).isEqualTo(renewal);
      }
    }
  }

  @Test
  void aDhcpServerBesideItHearsBroadcastsToo() throws IOException {
    try (DatagramSocket server = new DatagramSocket(null)) {
      server.setReuseAddress(true);
      server.setSoTimeout(10_000);
      server.bind(new InetSocketAddress("0.0.0.0", ports.server()));
      try (ProxyDhcpServer _ = start(LOOPBACK)) {
        send(BROADCAST, ports.server(), DISCOVER);
        assertThat(packet(received(server))).isEqualTo(DISCOVER);
        assertThat(packet(receive()).bootFile()).isEqualTo("127.0.0.1/PXE");
      }
    }
  }

  @Test
  void aRelayIsAnsweredAtItsAddress() throws IOException {
    try (DatagramSocket relay = new DatagramSocket(null)) {
      relay.setReuseAddress(true);
      relay.setSoTimeout(10_000);
      relay.bind(new InetSocketAddress(SECOND, ports.server()));
      try (ProxyDhcpServer _ = start(LOOPBACK)) {
        send(address("127.0.0.3"), ports.server(), Requests.relayed(DISCOVER, SECOND));
        DhcpPacket offer = packet(received(relay));
        assertThat(offer.relay()).isEqualTo(SECOND);
        assertThat(offer.bootFile()).endsWith("/PXE");
      }
    }
  }

  @Test
  void aTakenPortIsNamed() throws IOException {
    try (DatagramSocket taken = new DatagramSocket(ports.bootServer(), LOOPBACK)) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(() -> start(LOOPBACK))
          .isInstanceOf(BindException.class)
          .hasMessageStartingWith("UDP port " + ports.bootServer() + " of 127.0.0.1: ");
    }
  }

  @Test
  void theWildcardMeansEveryNetwork() throws IOException {
    assertThat(LocalAddresses.of(LOOPBACK)).containsExactly(LOOPBACK);
    assertThat(LocalAddresses.of(InetAddress.ofLiteral("::1"))).isEmpty();
    assertThat(LocalAddresses.of(InetAddress.ofLiteral("0.0.0.0"))).doesNotContain(LOOPBACK);
  }

  private void send(Inet4Address address, int port, DhcpPacket packet) throws IOException {
    byte[] bytes = packet.toByteArray();
    client.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress(address, port)));
  }

  private DatagramPacket receive() throws IOException {
    return received(client);
  }

  private static DatagramPacket received(DatagramSocket socket) throws IOException {
    DatagramPacket datagram = new DatagramPacket(new byte[2000], 2000);
    socket.receive(datagram);
    return datagram;
  }

  private static DhcpPacket packet(DatagramPacket datagram) throws IOException {
    return DhcpPacket.read(ByteBuffer.wrap(datagram.getData(), 0, datagram.getLength()));
  }
}
