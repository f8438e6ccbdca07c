package io.github.container2boot.serve.tftp;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import io.github.container2boot.serve.tftp.TransferObserver.Ending;
import io.github.container2boot.serve.tftp.TransferObserver.Sending;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Hears requests on every address it is given, and starts a transfer for each.
public final class TftpServer implements Closeable {
  /// Where clients ask (RFC 1350, section 4).
  public static final int PORT = 69;

  /// One more, so that a request that is too large is seen to be.
  private static final int RECEIVED_BYTES = Packet.MAX_REQUEST_BYTES + 1;

  private static final int ETHERNET_MTU_BYTES = 1500;
  private static final int IPV4_HEADER_BYTES = 20;
  private static final int IPV6_HEADER_BYTES = 40;

  private final TftpFiles files;
  private final TransferObserver observer;
  private final Pace pace;
  private final Admission admission;
  private final List<DatagramSocket> listening = new ArrayList<>();

  private TftpServer(TftpFiles files, TransferObserver observer, Pace pace, Admission admission) {
    this.files = files;
    this.observer = observer;
    this.pace = pace;
    this.admission = admission;
  }

  /// Begins to serve.
  ///
  /// @param addresses of this machine, none of them the wildcard: answers come from the address
  ///   that was asked
  public static TftpServer start(
      List<InetSocketAddress> addresses, TftpFiles files, TransferObserver observer)
      throws IOException {
    return start(addresses, files, observer, Pace.USUAL, Admission.usual());
  }

  static TftpServer start(
      List<InetSocketAddress> addresses,
      TftpFiles files,
      TransferObserver observer,
      Pace pace,
      Admission admission)
      throws IOException {
    TftpServer server = new TftpServer(files, observer, pace, admission);
    try {
      for (InetSocketAddress address : addresses) {
        server.listening.add(bind(address));
      }
    } catch (IOException problem) {
      server.close();
      throw problem;
    }
    for (DatagramSocket socket : server.listening) {
      Thread.ofPlatform().daemon().name("tftp").start(() -> server.listen(socket));
    }
    return server;
  }

  private static DatagramSocket bind(InetSocketAddress address) throws IOException {
    try {
      return new DatagramSocket(address);
    } catch (IOException problem) {
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

  /// Where it listens.
  public List<InetSocketAddress> addresses() {
    return listening.stream()
        .map(socket -> (InetSocketAddress) socket.getLocalSocketAddress())
        .toList();
  }

  private void listen(DatagramSocket socket) {
    DatagramPacket datagram = new DatagramPacket(new byte[RECEIVED_BYTES], RECEIVED_BYTES);
    while (!socket.isClosed()) {
      try {
        datagram.setLength(RECEIVED_BYTES);
        socket.receive(datagram);
        hear(socket, datagram);
      } catch (IOException passing) {
        // one packet that could not be received or answered; a closed socket ends the loop
      } catch (RuntimeException defect) {
        observer.failed(defect);
      }
    }
  }

  private void hear(DatagramSocket socket, DatagramPacket datagram) throws IOException {
    InetSocketAddress client = (InetSocketAddress) datagram.getSocketAddress();
    Packet packet;
    try {
      packet = Packet.read(ByteBuffer.wrap(datagram.getData(), 0, datagram.getLength()));
    } catch (FormatException problem) {
      refuse(socket, client, "", TftpError.ILLEGAL_OPERATION, String.valueOf(problem.getMessage()));
      return;
    }
    switch (packet) {
      case Packet.ReadRequest request -> start(socket.getLocalAddress(), client, request);
      case Packet.WriteRequest(String name) ->
          refuse(socket, client, name, TftpError.ACCESS_VIOLATION, "files can be read only");
      case Packet.Data _, Packet.Acknowledgment _, Packet.OptionAcknowledgment _ ->
          refuse(socket, client, "", TftpError.ILLEGAL_OPERATION, "expected a request");
      // never answered, or two servers would go on for ever
      case Packet.Failure _ -> {}
    }
  }

  /// A client that asks again before it has got an answer already has its transfer.
  private void start(InetAddress asked, InetSocketAddress client, Packet.ReadRequest request) {
    if (admission.admit(client)) {
      Thread.ofVirtual()
          .name("tftp transfer")
          .start(() -> {
            try {
              transferAdmitted(asked, client, request);
            } catch (RuntimeException defect) {
              observer.failed(defect);
            }
          });
    }
  }

  private void transferAdmitted(
      InetAddress asked, InetSocketAddress client, Packet.ReadRequest request) {
    try {
      transfer(asked, client, request);
    } finally {
      admission.release(client);
    }
  }

  private void transfer(InetAddress asked, InetSocketAddress client, Packet.ReadRequest request) {
    try (DatagramSocket socket = new DatagramSocket(0, asked)) {
      Optional<Content> content = content(socket, client, request);
      if (content.isPresent()) {
        send(socket, client, request, content.get());
      }
    } catch (IOException problem) {
      observer.refused(client, request.name(), String.valueOf(problem.getMessage()));
    }
  }

  /// What the client gets; empty if it has been told that there is no such thing.
  private Optional<Content> content(
      DatagramSocket socket, InetSocketAddress client, Packet.ReadRequest request)
      throws IOException {
    boolean text = request.mode().equals("netascii");
    if (!text && !request.mode().equals("octet")) {
      String reason = "mode %s: expected octet".formatted(Shown.text(request.mode()));
      refuse(socket, client, request.name(), TftpError.ILLEGAL_OPERATION, reason);
      return Optional.empty();
    }
    Optional<Content> content = find(socket, client, request);
    if (text && content.isPresent()) {
      if (content.get().sizeBytes() > Netascii.MAX_BYTES) {
        String reason = "too large for mode netascii: use octet (binary)";
        refuse(socket, client, request.name(), TftpError.NOT_DEFINED, reason);
        return Optional.empty();
      }
      return Optional.of(Netascii.of(content.get()));
    }
    return content;
  }

  private Optional<Content> find(
      DatagramSocket socket, InetSocketAddress client, Packet.ReadRequest request)
      throws IOException {
    try {
      Optional<Content> content = files.find(request.name(), client.getAddress());
      if (content.isEmpty()) {
        refuse(socket, client, request.name(), TftpError.FILE_NOT_FOUND, "not found");
      }
      return content;
    } catch (IOException problem) {
      refuse(socket, client, request.name(), TftpError.NOT_DEFINED, "the file cannot be read");
      return Optional.empty();
    }
  }

  private void send(
      DatagramSocket socket, InetSocketAddress client, Packet.ReadRequest request, Content content)
      throws IOException {
    TransferOptions options =
        TransferOptions.negotiate(
            request.options(), content.sizeBytes(), packetBytes(socket.getLocalAddress()));
    Sending sending = new Sending(client, request.name(), content.sizeBytes());
    observer.began(sending);
    Ending ending = new Transfer(socket, sending, content, options, pace, observer).run();
    observer.ended(sending, ending);
  }

  /// The most that a packet can carry on the network with the address `local`, without IP's header.
  private static int packetBytes(InetAddress local) throws IOException {
    NetworkInterface network = NetworkInterface.getByInetAddress(local);
    int mtuBytes = network == null ? ETHERNET_MTU_BYTES : network.getMTU();
    return mtuBytes - (local instanceof Inet4Address ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES);
  }

  private void refuse(
      DatagramSocket socket, InetSocketAddress client, String name, TftpError error, String reason)
      throws IOException {
    byte[] failure = new Packet.Failure(error, reason).toByteArray();
    observer.refused(client, name, reason);
    socket.send(new DatagramPacket(failure, failure.length, client));
  }

  /// Stops hearing requests. Transfers that are under way end with this process.
  @Override
  public void close() {
    listening.forEach(DatagramSocket::close);
  }
}
