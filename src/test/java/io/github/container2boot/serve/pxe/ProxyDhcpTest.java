package io.github.container2boot.serve.pxe;

import static io.github.container2boot.serve.pxe.Requests.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.serve.pxe.NetworkClient.Kind;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyDhcpTest {
  private static final Inet4Address SERVER = (Inet4Address) InetAddress.ofLiteral("10.77.0.1");

  private final ProxyDhcp proxy = new ProxyDhcp((client, _) -> Optional.of(nameFor(client)));

  private static String nameFor(NetworkClient client) {
    return "%s/%s".formatted(client.kind(), client.architecture());
  }

  @Test
  void firmwareGetsAnOfferWithoutAnAddress() throws IOException {
    DhcpPacket request = DhcpPacket.read(ByteBuffer.wrap(Requests.recorded("ovmf-pxe")));
    DhcpPacket offer = proxy.offer(request, SERVER).orElseThrow();
    assertThat(offer.operation()).isEqualTo(DhcpPacket.REPLY);
    assertThat(offer.transaction()).isEqualTo(request.transaction());
    assertThat(offer.hardwareAddress()).isEqualTo(Requests.CARD);
    assertThat(offer.yourAddress()).isEqualTo(DhcpPacket.NO_ADDRESS);
    assertThat(offer.nextServer()).isEqualTo(SERVER);
    assertThat(offer.bootFile()).isEqualTo("PXE/x86_64");
    assertThat(offer.options())
        .containsOnlyKeys(53, 54, 60, 97, 43)
        .containsEntry(53, ByteString.of((byte) 2))
        .containsEntry(54, ByteString.of(SERVER.getAddress()))
        .containsEntry(60, text("PXEClient"))
        .containsEntry(97, Requests.MACHINE)
        .containsEntry(43, text("\6\1\10\u00ff"));
  }

  @Test
  void httpBootWantsItsOwnClassAndAnOption() {
    DhcpPacket offer =
        proxy
            .offer(Requests.discover("HTTPClient:Arch:00016:UNDI:003001", 16), SERVER)
            .orElseThrow();
    assertThat(offer.bootFile()).isEmpty();
    assertThat(offer.options())
        .containsOnlyKeys(53, 54, 60, 97, 67)
        .containsEntry(60, text("HTTPClient"))
        .containsEntry(67, text("HTTP/x86_64"));
  }

  @Test
  void iPxeIsKnownByItsUserClass() throws IOException {
    DhcpPacket request = DhcpPacket.read(ByteBuffer.wrap(Requests.recorded("ipxe")));
    assertThat(proxy.offer(request, SERVER).orElseThrow().bootFile()).isEqualTo("IPXE/x86_64");
    DhcpPacket bios =
        Requests.with(Requests.discover("PXEClient:Arch:00000", 0), 77, text("\u0004iPXE"));
    assertThat(proxy.offer(bios, SERVER).orElseThrow().bootFile()).isEqualTo("IPXE/x86_64");
  }

  @ParameterizedTest
  @CsvSource({
    "7, PXEClient, PXE/x86_64",
    "9, PXEClient, PXE/x86_64",
    "11, PXEClient, PXE/aarch64",
    "16, HTTPClient, HTTP/x86_64",
    "19, HTTPClient, HTTP/aarch64",
    "27, PXEClient, PXE/riscv64"
  })
  void architecturesAreKnownByNumber(int number, String vendorClass, String expected) {
    DhcpPacket offer = proxy.offer(Requests.discover(vendorClass, number), SERVER).orElseThrow();
    String file = offer.option(67).map(ByteString::toString).orElse(offer.bootFile());
    assertThat(file).isEqualTo(expected);
  }

  @Test
  void theFirstKnownArchitectureOfAListCounts() {
    DhcpPacket request =
        Requests.with(
            Requests.discover("PXEClient", 6), 93, ByteString.of(new byte[] {0, 6, 0, 11, 0, 7}));
    assertThat(proxy.offer(request, SERVER).orElseThrow().bootFile()).isEqualTo("PXE/aarch64");
  }

  @ParameterizedTest
  @CsvSource({
    "1, PXEClient, 0", // a BIOS
    "1, PXEClient, 6", // 32 bits
    "1, MSFT 5.0, 7",
    "3, PXEClient, 7", // for the DHCP server
    "2, PXEClient, 7",
    "7, PXEClient, 7"
  })
  void allOthersGetNothing(int messageType, String vendorClass, int architecture) {
    assertThat(proxy.offer(Requests.request(messageType, vendorClass, architecture), SERVER))
        .isEmpty();
  }

  @Test
  void repliesAreNotAnswered() {
    DhcpPacket offer = proxy.offer(Requests.discover("PXEClient", 7), SERVER).orElseThrow();
    assertThat(proxy.offer(offer, SERVER)).isEmpty();
    assertThat(proxy.acknowledgment(offer, SERVER)).isEmpty();
  }

  @Test
  void whatHasNothingToBootGetsNothing() {
    ProxyDhcp empty = new ProxyDhcp((_, _) -> Optional.empty());
    assertThat(empty.offer(Requests.discover("PXEClient", 7), SERVER)).isEmpty();
  }

  @Test
  void requestsToOurPortAreAcknowledged() {
    for (int messageType : List.of(3, 8)) {
      DhcpPacket answer =
          proxy.acknowledgment(Requests.request(messageType, "PXEClient", 7), SERVER).orElseThrow();
      assertThat(answer.messageType()).isEqualTo(5);
      assertThat(answer.bootFile()).isEqualTo("PXE/x86_64");
    }
    assertThat(proxy.acknowledgment(Requests.discover("PXEClient", 7), SERVER)).isEmpty();
  }

  @Test
  void whatARelayAddedComesBackAsTheLast() {
    DhcpPacket request = Requests.with(Requests.discover("PXEClient", 7), 82, text("\1\2ab"));
    DhcpPacket offer = proxy.offer(request, SERVER).orElseThrow();
    assertThat(offer.options().keySet()).last().isEqualTo(82);
    assertThat(offer.option(82)).contains(text("\1\2ab"));
  }

  @Test
  void aLongNameIsAnOption() {
    String url = "http://10.77.0.1:8080/" + "x".repeat(200) + "/boot.ipxe";
    ProxyDhcp far = new ProxyDhcp((_, _) -> Optional.of(url));
    DhcpPacket offer =
        far.offer(Requests.with(Requests.discover("PXEClient", 7), 77, text("iPXE")), SERVER)
            .orElseThrow();
    assertThat(offer.bootFile()).isEmpty();
    assertThat(offer.option(67)).contains(text(url));
  }

  @Test
  void aClientIsDescribed() {
    assertThat(NetworkClient.of(Requests.discover("PXEClient", 11)))
        .contains(new NetworkClient(Requests.CARD, Architecture.AARCH64, Kind.PXE));
  }
}
