package io.github.container2boot.serve;

import io.github.container2boot.serve.http.Origin;
import io.github.container2boot.serve.pxe.LocalAddresses;
import io.github.container2boot.serve.pxe.NetworkClient;
import io.github.container2boot.serve.pxe.ProxyDhcpServer;
import io.github.container2boot.serve.tftp.TftpServer;
import io.github.container2boot.serve.tftp.TransferObserver;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Tells firmware on this machine's networks that a [BootServer] has something for it, and hands it
/// the boot loader by TFTP if it cannot speak HTTP. All that follows is the boot server's.
public final class NetworkBoot implements Closeable {
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");
  private static final int ETHERNET_BYTES = 6;

  private final BootServer server;
  private final BootLog log;
  private final TftpServer tftp;
  private final ProxyDhcpServer dhcp;

  private NetworkBoot(BootServer server, BootLog log, List<Inet4Address> addresses)
      throws IOException {
    this.server = server;
    this.log = log;
    List<InetSocketAddress> ports =
        addresses.stream().map(address -> new InetSocketAddress(address, TftpServer.PORT)).toList();
    this.tftp = TftpServer.start(ports, server::find, new Watch());
    boolean started = false;
    try {
      this.dhcp =
          ProxyDhcpServer.start(
              addresses, (client, own) -> bootFile(server, client, own), log::failed);
      started = true;
    } finally {
      if (!started) {
        tftp.close();
      }
    }
  }

  /// Begins to answer on every network on which `server` listens.
  ///
  /// @param log is told what goes by TFTP
  /// @throws ServeException with [ServeException.NoNetwork] or [ServeException.CannotAnswer]
  public static NetworkBoot start(BootServer server, BootLog log)
      throws IOException, ServeException {
    InetAddress listening = server.address().getAddress();
    List<Inet4Address> addresses = LocalAddresses.of(listening);
    if (addresses.isEmpty() || listening.isLoopbackAddress()) {
      throw new ServeException(new ServeException.NoNetwork(listening));
    }
    try {
      return new NetworkBoot(server, log, addresses);
    } catch (BindException taken) {
      String reason = Objects.requireNonNullElse(taken.getMessage(), "a port is taken");
      throw new ServeException(new ServeException.CannotAnswer(reason), taken);
    }
  }

  /// What `client` is to load first.
  ///
  /// @param own the server's address on the client's network
  static Optional<String> bootFile(BootServer server, NetworkClient client, Inet4Address own) {
    Optional<HardwareAddress> machine = machine(client);
    Optional<String> program = server.firstProgram(machine, client.architecture());
    Origin origin = server.originAt(own);
    return switch (client.kind()) {
      case PXE -> program;
      case HTTP -> program.map(origin::url);
      case IPXE -> program.map(_ -> origin.url(script(machine)));
    };
  }

  /// The script for a machine: the one that names it, or, on networks that are no Ethernet, the one
  /// for all.
  private static String script(Optional<HardwareAddress> machine) {
    return machine
        .map(known -> BootServer.MACHINES + "/" + known + BootServer.IPXE)
        .orElse(BootServer.IPXE);
  }

  private static Optional<HardwareAddress> machine(NetworkClient client) {
    return client.hardwareAddress().size() == ETHERNET_BYTES
        ? HardwareAddress.parse(COLONS.formatHex(client.hardwareAddress().toByteArray()))
        : Optional.empty();
  }

  /// Watches what goes by TFTP.
  private final class Watch implements TransferObserver {
    @Override
    public void ended(Sending sending, Ending ending) {
      String how =
          switch (ending) {
            case Ending.Complete _ -> sending.sizeBytes() + " bytes";
            case Ending.Declined(String reason) -> "declined: " + reason;
            case Ending.Unanswered _ -> "the client does not answer any more";
            case Ending.Failed(String reason) -> "failed: " + reason;
          };
      log.transferred(sending.client().getAddress(), sending.path(), how);
      server.metrics().transferred(sending.sizeBytes(), ending);
    }

    @Override
    public void refused(InetSocketAddress client, String path, String reason) {
      log.transferred(client.getAddress(), path, reason);
    }

    @Override
    public void failed(RuntimeException defect) {
      log.failed(defect);
    }
  }

  @Override
  public void close() throws IOException {
    tftp.close();
    dhcp.close();
  }
}
