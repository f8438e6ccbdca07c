package io.github.container2boot.serve.tftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.FormatException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketTest {
  private static final String REQUEST =
      "\0\1efi/shimx64.efi\0octet\0tsize\0000\0blksize\0001468\0windowsize\0004\0";

  @Test
  void aRequestAsFirmwareSendsIt() throws FormatException {
    Packet expected =
        new Packet.ReadRequest(
            "efi/shimx64.efi", "octet", Map.of("tsize", "0", "blksize", "1468", "windowsize", "4"));
    assertThat(read(REQUEST)).isEqualTo(expected);
  }

  @Test
  void everyPacketIsReadAsItWasWritten() throws FormatException {
    assertWritten("\0\1a\0octet\0", new Packet.ReadRequest("a", "octet", Map.of()));
    assertWritten("\0\2a\0octet\0", new Packet.WriteRequest("a"));
    assertWritten("\0\3\u0001\u0002xyz", new Packet.Data(0x102, ByteBuffer.wrap(bytes("xyz"))));
    assertWritten("\0\4\u00ff\u00fe", new Packet.Acknowledgment(0xfffe));
    assertWritten("\0\5\0\1gone\0", new Packet.Failure(TftpError.FILE_NOT_FOUND, "gone"));
    assertWritten("\0\6tsize\00012\0", new Packet.OptionAcknowledgment(Map.of("tsize", "12")));
  }

  private static void assertWritten(String text, Packet packet) throws FormatException {
    assertThat(packet.toByteArray()).isEqualTo(bytes(text));
    assertThat(read(text)).isEqualTo(packet);
  }

  @Test
  void modesAndOptionsAreReadInAnyCase() throws FormatException {
    assertThat(read("\0\1a\0OCTET\0BlkSize\0001024\0"))
        .isEqualTo(new Packet.ReadRequest("a", "octet", Map.of("blksize", "1024")));
  }

  @Test
  void theFirstOfTwoEqualOptionsCountsAndPaddingDoesNot() throws FormatException {
    assertThat(read("\0\1a\0octet\0blksize\0008\0blksize\0009\0\0\0\0"))
        .isEqualTo(new Packet.ReadRequest("a", "octet", Map.of("blksize", "8")));
  }

  @Test
  void anErrorMayEndWithoutNul() throws FormatException {
    assertThat(read("\0\5\0\10no")).isEqualTo(new Packet.Failure(TftpError.REFUSED_OPTIONS, "no"));
    assertThat(new Packet.Failure(8, "").shown()).isEqualTo("refused options (error 8)");
    assertThat(new Packet.Failure(77, "a\u001b[2J").shown()).isEqualTo("a\\x1b[2J (error 77)");
  }

  @Test
  void whatIsNoPacketIsRefused() {
    assertRefused("", "ends too soon");
    assertRefused("\0\7", "expected an opcode from 1 to 6, found 7");
    assertRefused("\0\1a", "expected a NUL at the end of the file's name");
    assertRefused("\0\1a\0octet", "expected a NUL at the end of the mode");
    assertRefused("\0\1a\0octet\0blksize\0", "expected a NUL at the end of the value of an option");
    assertRefused(
        "\0\1a\0octet\0blksize\0008", "expected a NUL at the end of the value of an option");
    assertRefused("\0\4\0", "ends too soon");
    assertRefused(
        "\0\1" + "a".repeat(600) + "\0octet\0", "expected a request of 512 bytes at most");
  }

  private static void assertRefused(String text, String problem) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void noiseIsAPacketOrRefused() {
    Random random = new Random(2347);
    for (int round = 0; round < 20_000; round++) {
      byte[] noise = bytes(REQUEST);
      for (int change = random.nextInt(4); change >= 0; change--) {
        noise[random.nextInt(noise.length)] = (byte) random.nextInt();
      }
      readsOrRefuses(noise);
    }
  }

  /// What is read can be written, and is the same when it is read again.
  static void readsOrRefuses(byte[] datagram) {
    Packet packet;
    try {
      packet = Packet.read(ByteBuffer.wrap(datagram));
    } catch (FormatException expected) {
      assertThat(expected.getMessage()).isNotEmpty();
      return;
    }
    if (packet instanceof Packet.ReadRequest request) {
      TransferOptions options = TransferOptions.negotiate(request.options(), 1000, 1480);
      assertThat(options.blockSizeBytes()).isBetween(8, 1468);
      assertThat(options.windowBlocks()).isBetween(1, TransferOptions.MAX_WINDOW_BLOCKS);
      // bytes that are not UTF-8 grow when they are written
      assertThat(request.toByteArray()).hasSizeLessThanOrEqualTo(3 * datagram.length + 2);
    } else {
      assertThat(packet.toByteArray()).isNotEmpty();
    }
  }

  private static Packet read(String text) throws FormatException {
    return Packet.read(ByteBuffer.wrap(bytes(text)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
