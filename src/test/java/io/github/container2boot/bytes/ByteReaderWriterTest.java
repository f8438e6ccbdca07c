package io.github.container2boot.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ByteReaderWriterTest {
  @Test
  void fieldsLieAsTheirFormatSays() throws FormatException {
    ByteWriter writer =
        ByteWriter.littleEndian(0)
            .u8(0xfe)
            .u16(0xfedc)
            .u32(0xfedcba98L)
            .u64(0x123456789abcdef0L)
            .bytes(ByteString.utf8("ab"))
            .padTo(4);
    byte[] bytes = writer.toByteArray();
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("fe" + "dcfe" + "98badcfe" + "f0debc9a78563412" + "6162" + "000000");

    ByteReader reader = ByteReader.littleEndian(bytes);
    assertThat(reader.u8()).isEqualTo(0xfe);
    assertThat(reader.u16()).isEqualTo(0xfedc);
    assertThat(reader.u32()).isEqualTo(0xfedcba98L);
    assertThat(reader.u64()).isEqualTo(0x123456789abcdef0L);
    assertThat(reader.byteString(2)).isEqualTo(ByteString.utf8("ab"));
    assertThat(reader.remaining()).isEqualTo(3);
  }

  @Test
  void bigEndianIsTheOtherWayRound() throws FormatException {
    byte[] bytes = ByteWriter.bigEndian(6).u16(0x0102).u32(0x03040506).toByteArray();
    assertThat(bytes).containsExactly(1, 2, 3, 4, 5, 6);
    ByteReader reader = ByteReader.bigEndian(ByteBuffer.wrap(bytes), 0);
    assertThat(reader.u16()).isEqualTo(0x0102);
    assertThat(reader.u32()).isEqualTo(0x03040506);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    ByteWriter writer = ByteWriter.littleEndian(8);
    assertThatThrownBy(() -> writer.u16(0x10000))
        .hasMessage("65536 does not fit an unsigned 16-bit field");
    assertThatThrownBy(() -> writer.u32(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(writer.size()).isZero();
  }

  @Test
  void anEndThatComesTooSoonIsMalformedAndSaysWhere() {
    ByteReader reader = ByteReader.littleEndian(ByteBuffer.wrap(new byte[5]), 100);
    assertThatThrownBy(
            () -> {
              reader.skip(2);
              reader.u32();
            })
        .isInstanceOf(FormatException.Malformed.class)
        .hasMessage("ends too soon: expected 4 more bytes, found 3 (at byte 102)");
  }

  @Test
  void aNumberBeyondAnyFileIsMalformed() {
    byte[] bytes = new byte[8];
    bytes[7] = -1;
    assertThatThrownBy(() -> ByteReader.littleEndian(bytes).u64())
        .hasMessageContaining("expected less than 2^63, found 18374686479671623680");
  }

  @Test
  void anInputCanBeNamedLater() {
    FormatException problem = FormatException.unsupported(7, "version 5: expected 4");
    assertThat(problem.in("layer 2"))
        .isInstanceOf(FormatException.Unsupported.class)
        .hasMessage("layer 2: version 5: expected 4 (at byte 7)");
  }

  @Test
  void bytesAreShownSoThatNothingBreaksALine() {
    assertThat(ByteString.utf8("grün\n\\x").toString()).isEqualTo("grün\\x0a\\x5cx");
    assertThat(ByteString.of(new byte[] {'a', (byte) 0xff, 0}).toString()).isEqualTo("a\\xff\\x00");
    assertThat(ByteString.utf8("\u202e").toString()).isEqualTo("\\xe2\\x80\\xae");
  }

  @Test
  void bytesAreOrderedUnsigned() {
    assertThat(ByteString.of((byte) 0x80)).isGreaterThan(ByteString.of((byte) 0x7f, (byte) 1));
  }
}
