package io.github.container2boot.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.serve.http.HttpSettings;
import io.github.container2boot.serve.pxe.NetworkClient;
import io.github.container2boot.serve.pxe.NetworkClient.Kind;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What firmware is told to load by a server of two images, one of which a machine has to itself.
@Timeout(120)
class NetworkBootChoiceTest {
  private static final Inet4Address OWN = (Inet4Address) InetAddress.ofLiteral("10.77.0.1");
  private static final ByteString LAB = ByteString.of(new byte[] {0x52, 0x54, 0, 0x12, 0x34, 0x56});
  private static final ByteString OTHER = ByteString.of(new byte[] {2, 0, 0, 0, 0, 7});
  private static final BootLog SILENT = _ -> {};

  @TempDir Path temporary;
  private ServedSystem standard;
  private ServedSystem lab;
  private BootServer server;

  @BeforeEach
  void start() throws Exception {
    Path layout = ServedMachine.image(temporary);
    standard = ServedMachine.open("deb", layout, temporary.resolve("one"));
    lab = ServedMachine.open("lab", layout, temporary.resolve("two"));
    HardwareAddress machine = new HardwareAddress("52:54:00:12:34:56");
    server =
        BootServer.start(
            HttpSettings.loopback(),
            List.of(standard, lab),
            new MachineChoice(List.of(new MachineChoice.Rule(machine, "lab")), "deb"),
            Files.createDirectory(temporary.resolve("scratch")),
            SILENT);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    standard.close();
    lab.close();
  }

  @Test
  void pxeGetsAPathThatTftpKnows() throws Exception {
    String path = bootFile(OTHER, Architecture.X86_64, Kind.PXE).orElseThrow();
    assertThat(path).isEqualTo("/deb/esp/EFI/BOOT/BOOTX64.EFI");
    assertThat(server.find(path, OWN)).isPresent();
    assertThat(bootFile(LAB, Architecture.X86_64, Kind.PXE))
        .contains("/lab/esp/EFI/BOOT/BOOTX64.EFI");
  }

  @Test
  void theOthersGetTheAddressOnTheirNetwork() {
    String origin = "http://10.77.0.1:" + server.address().getPort();
    assertThat(bootFile(LAB, Architecture.X86_64, Kind.HTTP))
        .contains(origin + "/lab/esp/EFI/BOOT/BOOTX64.EFI");
    assertThat(bootFile(OTHER, Architecture.X86_64, Kind.IPXE))
        .contains(origin + "/_machine/02:00:00:00:00:07/boot.ipxe");
    ByteString infiniband = ByteString.of(new byte[16]);
    assertThat(bootFile(infiniband, Architecture.X86_64, Kind.IPXE))
        .contains(origin + "/boot.ipxe");
  }

  @Test
  void whoseProcessorNoImageIsForGetsNothing() {
    for (Kind kind : Kind.values()) {
      assertThat(bootFile(OTHER, Architecture.AARCH64, kind)).isEmpty();
    }
  }

  private Optional<String> bootFile(ByteString card, Architecture architecture, Kind kind) {
    return NetworkBoot.bootFile(server, new NetworkClient(card, architecture, kind), OWN);
  }

  @Test
  void nobodyBootsFromLoopback() {
    assertThatThrownBy(() -> NetworkBoot.start(server, SILENT))
        .isInstanceOfSatisfying(
            ServeException.class,
            refused -> assertThat(refused.problem()).isInstanceOf(ServeException.NoNetwork.class));
  }
}
