package io.github.container2boot.serve.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Requests as OVMF, shim and GRUB were seen to make them.
@Timeout(60)
class FirmwareRequestsTest {
  private final List<ClientRequest> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    Site site =
        request -> {
          asked.add(request);
          return Optional.of(Resource.text("here", Resource.TEXT));
        };
    server = HttpServer.start(HttpSettings.loopback(), site, TrafficObserver.none());
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void theirHostLacksThePort() throws IOException {
    ask("/grub/grub.cfg", "Host: 127.0.0.1");
    assertThat(asked.getFirst().origin().url("/x"))
        .isEqualTo("http://127.0.0.1:%d/x".formatted(server.address().getPort()));
  }

  @Test
  void aHostThatIsNotThisAddressMeansTheUsualPort() throws IOException {
    ask("/", "Host: boot.example");
    assertThat(asked.getFirst().origin().url("/x")).isEqualTo("http://boot.example/x");
  }

  @Test
  void shimPutsTwoSlashesBeforeANameOfItsOwn() throws IOException {
    assertThat(ask("/deb/esp/EFI/BOOT//grubx64.efi", "Host: 127.0.0.1"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("here");
  }

  @Test
  void aHeadSaysHowLongTheBodyWouldBe() throws IOException {
    assertThat(raw("HEAD /grub/grub.cfg HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"))
        .contains("Content-Length: 4\r\n")
        .endsWith("\r\n\r\n");
  }

  private String ask(String path, String host) throws IOException {
    return raw("GET %s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n".formatted(path, host));
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }
}
