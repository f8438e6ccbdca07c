package io.github.container2boot.serve.tftp;

import io.github.container2boot.bytes.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/// A client whose every packet a test decides.
final class TftpClient implements Closeable {
  private static final int PATIENCE_MILLISECONDS = 10_000;

  private final DatagramSocket socket;
  private InetSocketAddress peer;

  TftpClient(InetSocketAddress server) throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    peer = server;
  }

  void request(String name, Map<String, String> options) throws IOException {
    send(new Packet.ReadRequest(name, "octet", options));
  }

  void acknowledge(long block) throws IOException {
    send(new Packet.Acknowledgment((int) (block & 0xffff)));
  }

  /// To whoever has sent the last packet, at first to the server.
  void send(Packet packet) throws IOException {
    send(packet.toByteArray());
  }

  void send(byte[] bytes) throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length, peer));
  }

  /// The next packet, which must come.
  Packet receive() throws IOException {
    return receive(PATIENCE_MILLISECONDS)
        .orElseThrow(() -> new AssertionError("the server does not answer"));
  }

  Optional<Packet> receive(int milliseconds) throws IOException {
    DatagramPacket datagram = new DatagramPacket(new byte[1 << 16], 1 << 16);
    socket.setSoTimeout(milliseconds);
    try {
      socket.receive(datagram);
    } catch (SocketTimeoutException nothing) {
      return Optional.empty();
    }
    peer = (InetSocketAddress) datagram.getSocketAddress();
    return Optional.of(read(datagram));
  }

  private static Packet read(DatagramPacket datagram) throws FormatException {
    return Packet.read(ByteBuffer.wrap(datagram.getData(), 0, datagram.getLength()));
  }

  /// The next packet, which must be the data of `block` (all its bits).
  byte[] data(long block) throws IOException {
    Packet packet = receive();
    if (packet instanceof Packet.Data(int number, ByteBuffer bytes) && number == (block & 0xffff)) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return copy;
    }
    throw new AssertionError("expected block " + block + ", found " + packet);
  }

  /// All blocks from `first` to the short one, each window acknowledged.
  byte[] rest(long first, int blockSizeBytes, int windowBlocks) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    long block = first;
    while (true) {
      byte[] bytes = data(block);
      all.writeBytes(bytes);
      boolean last = bytes.length < blockSizeBytes;
      if (last || (block - first + 1) % windowBlocks == 0) {
        acknowledge(block);
      }
      if (last) {
        return all.toByteArray();
      }
      block++;
    }
  }

  InetSocketAddress peer() {
    return peer;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  @Override
  public void close() {
    socket.close();
  }
}
