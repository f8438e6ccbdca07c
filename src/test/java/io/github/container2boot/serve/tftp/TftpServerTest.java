package io.github.container2boot.serve.tftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.serve.tftp.TransferObserver.Ending;
import io.github.container2boot.serve.tftp.TransferObserver.Sending;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TftpServerTest {
  /// Long enough never to pass by chance; tests of repetition have one of their own.
  private static final Pace SLOW = new Pace(Duration.ofSeconds(20), Duration.ofSeconds(20), 2);

  private static final Pace QUICK = new Pace(Duration.ofMillis(40), Duration.ofMillis(80), 4);

  private static final Content BROKEN =
      new Content() {
        @Override
        public long sizeBytes() {
          return 5000;
        }

        @Override
        public void read(long offsetBytes, ByteBuffer target) throws IOException {
          throw new IOException("the disk is gone");
        }

        @Override
        public void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException {
          throw new IOException("the disk is gone");
        }
      };

  private static final Content DEFECT =
      new Content() {
        @Override
        public long sizeBytes() {
          throw new IllegalStateException("a defect");
        }

        @Override
        public void read(long offsetBytes, ByteBuffer target) {}

        @Override
        public void transferTo(long offsetBytes, long countBytes, Sink sink) {}
      };

  @TempDir Path directory;

  private final Map<String, Content> files = new ConcurrentHashMap<>();
  private final Observed observed = new Observed();
  private TftpServer server;
  private TftpClient client;

  /// What the server says it did.
  private static final class Observed implements TransferObserver {
    private final BlockingQueue<Ending> endings = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
    private final BlockingQueue<RuntimeException> defects = new LinkedBlockingQueue<>();
    private volatile long bytes;

    @Override
    public void progressed(Sending sending, long acknowledgedBytes) {
      bytes = acknowledgedBytes;
    }

    @Override
    public void ended(Sending sending, Ending ending) {
      endings.add(ending);
    }

    @Override
    public void refused(InetSocketAddress client, String path, String reason) {
      refusals.add(path + ": " + reason);
    }

    @Override
    public void failed(RuntimeException defect) {
      defects.add(defect);
    }

    Ending ending() throws InterruptedException {
      Ending ending = endings.poll(30, TimeUnit.SECONDS);
      assertThat(ending).isNotNull();
      return ending;
    }
  }

  @BeforeEach
  void start() throws IOException {
    start(SLOW, Admission.usual());
  }

  private void start(Pace pace, Admission admission) throws IOException {
    stop();
    server =
        TftpServer.start(
            List.of(loopback(0)),
            (path, _) -> Optional.ofNullable(files.get(path)),
            observed,
            pace,
            admission);
    client = new TftpClient(server.addresses().getFirst());
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
      client.close();
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static byte[] noise(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, 513, 1024, 5000})
  void aFileComesInBlocks(int sizeBytes) throws Exception {
    files.put("a", Content.of(noise(sizeBytes)));
    client.request("a", Map.of());
    assertThat(client.rest(1, 512, 1)).isEqualTo(noise(sizeBytes));
    assertThat(observed.ending()).isEqualTo(new Ending.Complete());
    assertThat(observed.bytes).isEqualTo(sizeBytes);
  }

  @Test
  void aTransferHasAPortOfItsOwn() throws Exception {
    files.put("a", Content.of(noise(10)));
    client.request("a", Map.of());
    client.data(1);
    assertThat(client.peer().getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
    assertThat(client.peer().getPort()).isNotEqualTo(server.addresses().getFirst().getPort());
  }

  @Test
  void optionsAreAgreedOn() throws Exception {
    files.put("a", Content.of(noise(10_000)));
    Map<String, String> options =
        Map.of("blksize", "1000", "tsize", "0", "windowsize", "3", "timeout", "9", "multicast", "");
    client.request("a", options);
    assertThat(client.receive())
        .isEqualTo(
            new Packet.OptionAcknowledgment(
                Map.of("blksize", "1000", "tsize", "10000", "windowsize", "3", "timeout", "9")));
    client.acknowledge(0);
    assertThat(client.rest(1, 1000, 3)).isEqualTo(noise(10_000));
    assertThat(observed.ending()).isEqualTo(new Ending.Complete());
  }

  @Test
  void aDefectIsToldAndDoesNotStopIt() throws Exception {
    files.put("defect", DEFECT);
    files.put("a", Content.of(noise(10)));
    client.request("defect", Map.of());
    assertThat(observed.defects.poll(30, TimeUnit.SECONDS)).hasMessage("a defect");
    client.request("a", Map.of());
    assertThat(client.data(1)).isEqualTo(noise(10));
  }

  @Test
  void aClientMayOnlyWantToKnowTheSize() throws Exception {
    files.put("a", Content.of(noise(10)));
    client.request("a", Map.of("tsize", "0"));
    client.receive();
    client.send(new Packet.Failure(TftpError.REFUSED_OPTIONS, "User aborted the transfer"));
    assertThat(observed.ending())
        .isEqualTo(new Ending.Declined("User aborted the transfer (error 8)"));
  }

  @Test
  void blockNumbersWrap() throws Exception {
    byte[] bytes = noise(8 * 66_000 + 3);
    files.put("a", Content.of(bytes));
    client.request("a", Map.of("blksize", "8", "windowsize", "60"));
    client.receive();
    client.acknowledge(0);
    assertThat(client.rest(1, 8, 60)).isEqualTo(bytes);
    assertThat(observed.ending()).isEqualTo(new Ending.Complete());
  }

  @Test
  void aDuplicateAcknowledgmentMovesNothing() throws Exception {
    files.put("a", Content.of(noise(2000)));
    client.request("a", Map.of());
    client.data(1);
    for (int repetition = 0; repetition < 3; repetition++) {
      client.acknowledge(1);
    }
    client.data(2);
    assertThat(client.receive(150)).isEmpty();
    client.acknowledge(7); // nothing that was sent
    assertThat(client.receive(50)).isEmpty();
    client.acknowledge(2);
    client.data(3);
  }

  @Test
  void whatIsNotAcknowledgedComesAgainUntilThereIsNoHope() throws Exception {
    start(QUICK, Admission.usual());
    files.put("a", Content.of(noise(2000)));
    client.request("a", Map.of());
    for (int repetition = 0; repetition < QUICK.attempts(); repetition++) {
      client.data(1);
    }
    assertThat(observed.ending()).isEqualTo(new Ending.Unanswered());
    assertThat(client.receive(100)).isEmpty();
  }

  @Test
  void lostPacketsAreMadeUpFor() throws Exception {
    start(QUICK, Admission.usual());
    byte[] bytes = noise(5 * 512 + 100);
    files.put("a", Content.of(bytes));
    client.request("a", Map.of("windowsize", "4"));
    client.receive();
    client.receive(); // as if the acknowledgment were lost
    client.acknowledge(0);
    client.data(1);
    client.data(2);
    client.data(3); // as if it were lost
    client.data(4);
    client.acknowledge(2);
    client.data(3);
    client.data(4);
    client.data(5);
    client.data(6);
    client.acknowledge(6);
    assertThat(observed.ending()).isEqualTo(new Ending.Complete());
  }

  @Test
  void aWindowWhoseFirstBlockIsLostComesAgainOnce() throws Exception {
    files.put("a", Content.of(noise(4000)));
    client.request("a", Map.of("windowsize", "2"));
    client.receive();
    client.acknowledge(0);
    client.data(1);
    client.data(2);
    for (int repetition = 0; repetition < 3; repetition++) {
      client.acknowledge(0);
    }
    client.data(1);
    client.data(2);
    assertThat(client.receive(150)).isEmpty();
    client.acknowledge(2);
    client.data(3);
  }

  @Test
  void aRequestSentTwiceIsOneTransfer() throws Exception {
    files.put("a", Content.of(noise(10)));
    InetSocketAddress well = client.peer();
    client.request("a", Map.of());
    client.request("a", Map.of());
    client.data(1);
    assertThat(client.peer()).isNotEqualTo(well);
    assertThat(client.receive(150)).isEmpty();
    client.acknowledge(1);
    assertThat(observed.ending()).isEqualTo(new Ending.Complete());
  }

  @Test
  void aStrangerDoesNotDisturb() throws Exception {
    files.put("a", Content.of(noise(600)));
    client.request("a", Map.of());
    client.data(1);
    try (TftpClient stranger = new TftpClient(client.peer())) {
      stranger.acknowledge(1);
      assertThat(stranger.receive())
          .isEqualTo(new Packet.Failure(TftpError.UNKNOWN_TRANSFER, "not your transfer"));
      stranger.send(new Packet.Failure(TftpError.NOT_DEFINED, "stop"));
      assertThat(stranger.receive(50)).isEmpty();
    }
    client.acknowledge(1);
    client.data(2);
  }

  @Test
  void noMoreThanSoManyAreServedAtOnce() throws Exception {
    start(SLOW, new Admission(10, 2));
    files.put("a", Content.of(noise(10)));
    InetSocketAddress well = client.peer();
    try (TftpClient second = new TftpClient(well);
        TftpClient third = new TftpClient(well)) {
      client.request("a", Map.of());
      client.data(1);
      second.request("a", Map.of());
      second.data(1);
      third.request("a", Map.of());
      assertThat(third.receive(100)).isEmpty();
      client.acknowledge(1);
      observed.ending();
      Optional<Packet> answer = Optional.empty();
      while (answer.isEmpty()) {
        third.request("a", Map.of());
        answer = third.receive(100);
      }
    }
  }

  @Test
  void whatIsNotServedIsAnError() throws Exception {
    files.put("broken", BROKEN);
    assertAnswer(new Packet.ReadRequest("b", "octet", Map.of()), 1, "not found");
    assertAnswer(new Packet.WriteRequest("a"), 2, "files can be read only");
    assertAnswer(new Packet.ReadRequest("a", "mail", Map.of()), 4, "mode mail: expected octet");
    assertAnswer(new Packet.ReadRequest("broken", "octet", Map.of()), 0, "the file cannot be read");
    assertAnswer(new Packet.Acknowledgment(1), 4, "expected a request");
    assertThat(observed.ending()).isEqualTo(new Ending.Failed("the disk is gone"));
    assertThat(observed.refusals)
        .containsExactly(
            "b: not found",
            "a: files can be read only",
            "a: mode mail: expected octet",
            ": expected a request");
  }

  private void assertAnswer(Packet request, int code, String message) throws IOException {
    try (TftpClient other = new TftpClient(server.addresses().getFirst())) {
      other.send(request);
      assertThat(other.receive()).isEqualTo(new Packet.Failure(code, message));
    }
  }

  @Test
  void noiseIsAnsweredWithAnErrorAndErrorsNever() throws Exception {
    client.send(new byte[] {0, 9});
    assertThat(client.receive()).isInstanceOf(Packet.Failure.class);
    client.send(("\0\1" + "a".repeat(700)).getBytes(UTF_8));
    assertThat(client.receive()).isInstanceOf(Packet.Failure.class);
    client.send(new Packet.Failure(0, "loop"));
    assertThat(client.receive(100)).isEmpty();
  }

  @Test
  void textModeHasItsOwnLineEnds() throws Exception {
    files.put("a", Content.of("a\nb\rc".getBytes(UTF_8)));
    files.put("large", Content.hole(Netascii.MAX_BYTES + 1));
    client.send(new Packet.ReadRequest("a", "netascii", Map.of("tsize", "0")));
    assertThat(client.receive()).isEqualTo(new Packet.OptionAcknowledgment(Map.of("tsize", "7")));
    client.acknowledge(0);
    assertThat(client.data(1)).isEqualTo("a\r\nb\r\0c".getBytes(UTF_8));
    assertAnswer(
        new Packet.ReadRequest("large", "netascii", Map.of()),
        0,
        "too large for mode netascii: use octet (binary)");
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    InetSocketAddress taken = server.addresses().getFirst();
    assertThatThrownBy(() -> TftpServer.start(List.of(taken), (_, _) -> Optional.empty(), observed))
        .isInstanceOf(BindException.class)
        .hasMessageStartingWith("UDP port " + taken.getPort() + " of 127.0.0.1: ");
  }

  @Test
  void theClientOfTftpHpaUnderstandsIt() throws Exception {
    Tools.require("tftp");
    byte[] bytes = noise(300_000);
    files.put("/pxe/noise", Content.of(bytes));
    Path file = directory.resolve("noise");
    Tools.run("tftp", "-m", "binary", "127.0.0.1", port(), "-c", "get", "/pxe/noise", file);
    assertThat(file).hasBinaryContent(bytes);
    assertThat(
            Tools.execute("tftp", "-m", "binary", "127.0.0.1", port(), "-c", "get", "none", file)
                .text())
        .contains("not found");
    files.put("lines", Content.of("one\ntwo\n".getBytes(UTF_8)));
    Tools.run("tftp", "-m", "ascii", "127.0.0.1", port(), "-c", "get", "lines", file);
    assertThat(file).hasContent("one\ntwo\n");
  }

  @Test
  void curlUnderstandsIt() throws Exception {
    Tools.require("curl");
    byte[] bytes = noise(3_000_000);
    files.put("noise", Content.of(bytes));
    Path file = directory.resolve("noise");
    String address = "tftp://127.0.0.1:%d/noise".formatted(port());
    for (String blockSize : List.of("512", "1468", "65464")) {
      Tools.run("curl", "-sS", "--noproxy", "*", "--tftp-blksize", blockSize, "-o", file, address);
      assertThat(file).hasBinaryContent(bytes);
      assertThat(observed.ending()).isEqualTo(new Ending.Complete());
      Files.delete(file);
    }
  }

  @Test
  void atftpUnderstandsWindows() throws Exception {
    Tools.require("atftp");
    byte[] bytes = noise(1_000_000);
    files.put("noise", Content.of(bytes));
    Path file = directory.resolve("noise");
    Tools.run(
        "atftp",
        "--option",
        "windowsize 16",
        "--option",
        "blksize 1400",
        "--get",
        "--remote-file",
        "noise",
        "--local-file",
        file,
        "127.0.0.1",
        port());
    assertThat(file).hasBinaryContent(bytes);
  }

  private int port() {
    return server.addresses().getFirst().getPort();
  }
}
