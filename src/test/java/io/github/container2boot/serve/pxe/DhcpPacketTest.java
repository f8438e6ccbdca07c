package io.github.container2boot.serve.pxe;

import static io.github.container2boot.serve.pxe.Requests.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DhcpPacketTest {
  private static final Inet4Address SERVER = (Inet4Address) InetAddress.ofLiteral("10.77.0.1");

  @Test
  void aRequestOfFirmwareIsRead() throws IOException {
    DhcpPacket packet = read(Requests.recorded("ovmf-pxe"));
    assertThat(packet.operation()).isEqualTo(DhcpPacket.REQUEST);
    assertThat(packet.hardwareAddress()).isEqualTo(Requests.CARD);
    assertThat(packet.transaction()).isEqualTo(0x05ba737eL);
    assertThat(packet.flags()).isEqualTo(0x8000);
    assertThat(packet.messageType()).isEqualTo(1);
    assertThat(packet.isRelayed()).isFalse();
    assertThat(packet.option(DhcpOption.VENDOR_CLASS))
        .contains(text("PXEClient:Arch:00007:UNDI:003000"));
  }

  @Test
  void bytesAreThoseOfTheSpecification() {
    DhcpPacket packet =
        new DhcpPacket(
            2,
            1,
            Requests.CARD,
            0,
            0xcafebabeL,
            1,
            0x8000,
            DhcpPacket.NO_ADDRESS,
            DhcpPacket.NO_ADDRESS,
            SERVER,
            DhcpPacket.NO_ADDRESS,
            "a/shim",
            Map.of(53, ByteString.of((byte) 2)));
    String expected =
        "02010600cafebabe00018000"
            + "00000000000000000a4d000100000000"
            + "525400123456"
            + "00".repeat(10 + 64)
            + "612f7368696d"
            + "00".repeat(122)
            + "63825363"
            + "350102"
            + "ff";
    assertThat(HexFormat.of().formatHex(packet.toByteArray()))
        .isEqualTo(expected + "00".repeat(300 - expected.length() / 2));
  }

  @Test
  void aPacketIsReadAsItWasWritten() throws FormatException {
    DhcpPacket packet = Requests.discover("HTTPClient", 16);
    assertThat(read(packet.toByteArray())).isEqualTo(packet);
  }

  @Test
  void aLongOptionComesInParts() throws FormatException {
    ByteString large = text("x".repeat(600));
    DhcpPacket packet = Requests.with(Map.of(67, large, 82, ByteString.empty()));
    assertThat(read(packet.toByteArray())).isEqualTo(packet);
  }

  @Test
  void optionsMayLieInTheOtherFields() throws FormatException {
    ByteWriter writer = ByteWriter.bigEndian(400);
    writer.bytes(Arrays.copyOf(Requests.with(Map.of()).toByteArray(), 44));
    writer.bytes(text("\u003c\u0003PXE\u00ff")).zeros(64 - 6);
    writer.bytes(text("\u004d\u0002iP\u00ff")).zeros(128 - 5);
    writer.bytes(text("c\u0082Sc" + "\u003c\u0000" + "\u0034\u0001\u0003" + "\u004d\u0001x\u00ff"));
    DhcpPacket packet = read(writer.toByteArray());
    assertThat(packet.options()).containsOnlyKeys(60, 77);
    assertThat(packet.option(60)).contains(text("PXE"));
    assertThat(packet.option(77)).contains(text("xiP"));
    assertThat(packet.bootFile()).isEmpty();
  }

  @Test
  void whatIsNoPacketIsRefused() {
    byte[] packet = Requests.discover("PXEClient", 7).toByteArray();
    assertRefused(Arrays.copyOf(packet, 239), "ends too soon");
    assertRefused(Arrays.copyOf(packet, 241), "ends too soon");
    assertRefused(changed(packet, 2, 17), "expected a hardware address of 16 bytes at most");
    assertRefused(changed(packet, 236, 0), "no DHCP options here");
    assertRefused(changed(packet, 241, 255), "ends too soon");
    assertRefused(
        Requests.with(Map.of(52, ByteString.of((byte) 4))).toByteArray(), "option 52 (overload)");
    assertRefused(Arrays.copyOf(packet, 5000), "more than 4096 bytes");
  }

  private static byte[] changed(byte[] packet, int offset, int value) {
    byte[] copy = packet.clone();
    copy[offset] = (byte) value;
    return copy;
  }

  private static void assertRefused(byte[] bytes, String problem) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void noiseIsAPacketOrRefused() throws IOException {
    Random random = new Random(4578);
    byte[] packet = Requests.recorded("ipxe");
    for (int round = 0; round < 20_000; round++) {
      byte[] noise = Arrays.copyOf(packet, random.nextInt(230, packet.length + 1));
      for (int change = random.nextInt(6); change >= 0; change--) {
        int at = random.nextBoolean() ? random.nextInt(noise.length) : noise.length - 1;
        noise[at] = (byte) random.nextInt();
      }
      readsOrRefuses(noise);
    }
  }

  /// What is read may be answered, and the answer can be read.
  static void readsOrRefuses(byte[] datagram) {
    try {
      DhcpPacket packet = read(datagram);
      assertThat(read(packet.toByteArray())).isEqualTo(packet);
      ProxyDhcp proxy = new ProxyDhcp((client, _) -> Optional.of(client.kind() + "/file"));
      Optional<DhcpPacket> offer = proxy.offer(packet, SERVER);
      if (offer.isPresent()) {
        DhcpPacket read = read(offer.get().toByteArray());
        assertThat(read).isEqualTo(offer.get());
        assertThat(read.transaction()).isEqualTo(packet.transaction());
      }
    } catch (FormatException expected) {
      assertThat(expected.getMessage()).isNotEmpty();
    }
  }

  private static DhcpPacket read(byte[] bytes) throws FormatException {
    return DhcpPacket.read(ByteBuffer.wrap(bytes));
  }
}
