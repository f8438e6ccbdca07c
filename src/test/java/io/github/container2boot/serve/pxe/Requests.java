package io.github.container2boot.serve.pxe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/// What clients send: recorded from OVMF and from QEMU's iPXE, and made.
final class Requests {
  static final ByteString CARD = ByteString.of(new byte[] {0x52, 0x54, 0, 0x12, 0x34, 0x56});
  static final ByteString MACHINE = ByteString.of(new byte[17]);

  private Requests() {}

  /// The DHCPDISCOVER of OVMF's PXE, `ovmf-pxe`, or of iPXE, `ipxe`.
  static byte[] recorded(String name) throws IOException {
    try (InputStream input =
        Requests.class.getResourceAsStream("DhcpPacketFuzzTestInputs/read/" + name)) {
      return input.readAllBytes();
    }
  }

  static DhcpPacket discover(String vendorClass, int architecture) {
    return request(1, vendorClass, architecture);
  }

  static DhcpPacket request(int messageType, String vendorClass, int architecture) {
    Map<Integer, ByteString> options = new LinkedHashMap<>();
    options.put(DhcpOption.MESSAGE_TYPE, ByteString.of((byte) messageType));
    options.put(DhcpOption.VENDOR_CLASS, text(vendorClass));
    options.put(
        DhcpOption.CLIENT_ARCHITECTURE,
        ByteString.of((byte) (architecture >> 8), (byte) architecture));
    options.put(DhcpOption.CLIENT_MACHINE, MACHINE);
    return with(options);
  }

  static DhcpPacket with(Map<Integer, ByteString> options) {
    return new DhcpPacket(
        DhcpPacket.REQUEST,
        1,
        CARD,
        0,
        0xcafe_babeL,
        4,
        0x8000,
        DhcpPacket.NO_ADDRESS,
        DhcpPacket.NO_ADDRESS,
        DhcpPacket.NO_ADDRESS,
        DhcpPacket.NO_ADDRESS,
        "",
        options);
  }

  static DhcpPacket with(DhcpPacket packet, int option, ByteString value) {
    Map<Integer, ByteString> options = new LinkedHashMap<>(packet.options());
    options.put(option, value);
    return with(options);
  }

  static DhcpPacket relayed(DhcpPacket packet, Inet4Address relay) {
    byte[] bytes = packet.toByteArray();
    System.arraycopy(relay.getAddress(), 0, bytes, 24, 4);
    try {
      return DhcpPacket.read(ByteBuffer.wrap(bytes));
    } catch (FormatException impossible) {
      throw new AssertionError(impossible);
    }
  }

  static ByteString text(String text) {
    return ByteString.of(text.getBytes(ISO_8859_1));
  }
}
