package io.github.container2boot.serve.pxe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.bytes.ByteString;
import java.net.Inet4Address;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What is answered to which packet.
///
/// | a client sends | it gets |
/// |---|---|
/// | DHCPDISCOVER, to everybody | DHCPOFFER with a boot file and without an address |
/// | DHCPREQUEST or DHCPINFORM, to port 4011 of ours | DHCPACK, likewise |
///
/// All else, and all who are no boot firmware, get nothing.
final class ProxyDhcp {
  private static final int DISCOVER = 1;
  private static final int OFFER = 2;
  private static final int REQUEST = 3;
  private static final int ACK = 5;
  private static final int INFORM = 8;

  /// PXE_DISCOVERY_CONTROL, 1 byte: load the boot file at once, without menu or discovery (PXE 2.1,
  /// table 2-2); then the end.
  private static final ByteString LOAD_AT_ONCE =
      ByteString.of((byte) 6, (byte) 1, (byte) 8, (byte) 255);

  private final BootFiles files;

  ProxyDhcp(BootFiles files) {
    this.files = files;
  }

  /// The answer to a packet that came to a DHCP server's port.
  ///
  /// @param server this machine's address on the network on which the answer will go out
  Optional<DhcpPacket> offer(DhcpPacket request, Inet4Address server) {
    return request.messageType() == DISCOVER ? reply(request, server, OFFER) : Optional.empty();
  }

  /// The answer to a packet that came to port 4011.
  Optional<DhcpPacket> acknowledgment(DhcpPacket request, Inet4Address server) {
    return request.messageType() == REQUEST || request.messageType() == INFORM
        ? reply(request, server, ACK)
        : Optional.empty();
  }

  private Optional<DhcpPacket> reply(DhcpPacket request, Inet4Address server, int messageType) {
    if (request.operation() != DhcpPacket.REQUEST) {
      return Optional.empty();
    }
    return NetworkClient.of(request)
        .flatMap(client ->
            files
                .find(client, server)
                .map(file -> reply(request, client, server, messageType, file)));
  }

  private static DhcpPacket reply(
      DhcpPacket request,
      NetworkClient client,
      Inet4Address server,
      int messageType,
      String bootFile) {
    Map<Integer, ByteString> options = new LinkedHashMap<>();
    options.put(DhcpOption.MESSAGE_TYPE, ByteString.of((byte) messageType));
    options.put(DhcpOption.SERVER_IDENTIFIER, ByteString.of(server.getAddress()));
    options.put(DhcpOption.VENDOR_CLASS, client.kind().vendorClass());
    request
        .option(DhcpOption.CLIENT_MACHINE)
        .ifPresent(machine -> options.put(DhcpOption.CLIENT_MACHINE, machine));
    if (client.kind() != NetworkClient.Kind.HTTP) {
      options.put(DhcpOption.VENDOR_SPECIFIC, LOAD_AT_ONCE);
    }
    boolean inField = isInField(client, bootFile);
    if (!inField) {
      options.put(DhcpOption.BOOT_FILE, ByteString.utf8(bootFile));
    }
    // as the last (RFC 3046, section 2.1)
    request
        .option(DhcpOption.RELAY_INFORMATION)
        .ifPresent(relay -> options.put(DhcpOption.RELAY_INFORMATION, relay));
    return new DhcpPacket(
        DhcpPacket.REPLY,
        request.hardwareType(),
        request.hardwareAddress(),
        0,
        request.transaction(),
        0,
        request.flags(),
        request.clientAddress(),
        DhcpPacket.NO_ADDRESS,
        server,
        request.relay(),
        inField ? bootFile : "",
        options);
  }

  /// Whether the name goes into the fixed field. shim looks only there for its own directory; HTTP
  /// Boot wants an option.
  private static boolean isInField(NetworkClient client, String bootFile) {
    return client.kind() != NetworkClient.Kind.HTTP
        && ISO_8859_1.newEncoder().canEncode(bootFile)
        && bootFile.length() < DhcpPacket.BOOT_FILE_BYTES;
  }
}
