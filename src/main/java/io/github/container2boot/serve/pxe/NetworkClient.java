package io.github.container2boot.serve.pxe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.bytes.ByteString;
import java.util.Optional;

/// A machine that wants to boot, as it describes itself in a DHCP packet.
///
/// @param hardwareAddress of the network card it boots from; six bytes on Ethernet
public record NetworkClient(ByteString hardwareAddress, Architecture architecture, Kind kind) {
  /// What the machine's firmware, or what it has loaded, can do with a name.
  public enum Kind {
    /// UEFI PXE: loads a program by TFTP.
    PXE("PXEClient"),
    /// UEFI HTTP Boot: loads a program from a URL.
    HTTP("HTTPClient"),
    /// iPXE: runs a script from a URL.
    IPXE("PXEClient");

    private final String vendorClass;

    Kind(String vendorClass) {
      this.vendorClass = vendorClass;
    }

    /// What it wants to see in an answer that is meant for it.
    ByteString vendorClass() {
      return ByteString.utf8(vendorClass);
    }
  }

  /// What `packet` says of its sender; empty if that is no firmware, or one for which there is
  /// nothing to boot.
  static Optional<NetworkClient> of(DhcpPacket packet) {
    Optional<ByteString> architectures = packet.option(DhcpOption.CLIENT_ARCHITECTURE);
    if (architectures.isEmpty()) {
      return Optional.empty();
    }
    return kind(packet)
        .flatMap(kind ->
            architecture(kind, architectures.get())
                .map(known -> new NetworkClient(packet.hardwareAddress(), known, kind)));
  }

  private static Optional<Kind> kind(DhcpPacket packet) {
    String vendorClass = text(packet, DhcpOption.VENDOR_CLASS);
    String userClass = text(packet, DhcpOption.USER_CLASS);
    if (vendorClass.startsWith("HTTPClient")) {
      return Optional.of(Kind.HTTP);
    }
    if (vendorClass.startsWith("PXEClient")) {
      // RFC 3004 wants a length before each class; iPXE sends none, others do
      return Optional.of(userClass.contains("iPXE") ? Kind.IPXE : Kind.PXE);
    }
    return Optional.empty();
  }

  private static String text(DhcpPacket packet, int option) {
    return packet
        .option(option)
        .map(value -> new String(value.toByteArray(), ISO_8859_1))
        .orElse("");
  }

  /// The first architecture of the list that is known (RFC 4578, section 2.1; IANA's "Processor
  /// Architecture Types"). 7 was meant for EFI byte code, but is what x86-64 firmware sends.
  private static Optional<Architecture> architecture(Kind kind, ByteString list) {
    for (int index = 0; index + 1 < list.size(); index += 2) {
      int type = Byte.toUnsignedInt(list.at(index)) << 8 | Byte.toUnsignedInt(list.at(index + 1));
      Optional<Architecture> known =
          switch (type) {
            // a BIOS, from which only iPXE can start a kernel
            case 0 -> kind == Kind.IPXE ? Optional.of(Architecture.X86_64) : Optional.empty();
            case 7, 9, 16 -> Optional.of(Architecture.X86_64);
            case 11, 19 -> Optional.of(Architecture.AARCH64);
            case 27, 28 -> Optional.of(Architecture.RISCV64);
            default -> Optional.empty();
          };
      if (known.isPresent()) {
        return known;
      }
    }
    return Optional.empty();
  }
}
