package io.github.container2boot.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import java.io.ByteArrayInputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamFormatTest {
  @ParameterizedTest
  @CsvSource({
    "1f8b08000000000000, GZIP",
    "28b52ffd04, ZSTD",
    "502a4d1804000000, ZSTD",
    "fd377a585a000004, XZ",
    "5d00008000ffffffffffffffff, LZMA",
    "5d0000c0000a00000000000000, LZMA",
    "02214c1800, LZ4_LEGACY",
    "04224d1864, LZ4_FRAME",
    "894c5a4f000d0a1a0a10, LZOP",
    "425a6839, BZIP2"
  })
  void aFormatIsToldByItsFirstBytes(String head, StreamFormat format) {
    assertThat(StreamFormat.detect(head(head))).contains(format);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1f",
        "00000000",
        "303730373031303030",
        "5d0000800012345678abcdef00",
        "5d0000810000000000000000ff",
        "5d000080",
        "7573746172"
      })
  void whatIsNotCompressedIsNot(String head) {
    assertThat(StreamFormat.detect(head(head))).isEmpty();
  }

  /// A frame that claims a window of 2 GiB, and .xz and .lzma files that claim dictionaries of 4
  /// GiB.
  @ParameterizedTest
  @CsvSource({
    "28b52ffd00a8010000, ZSTD, window is too large: expected at most 128 MiB",
    "5d00000040ffffffffffffffff0000000000, LZMA, dictionary is too large: expected at most 128 MiB",
    "fd377a585a000001"
        + "6922de36"
        + "0200210124000000"
        + "5e1fc7f9"
        + "01, XZ, dictionary is too large: expected at most 128 MiB"
  })
  void aClaimOfMemoryIsRefused(String input, StreamFormat format, String message) {
    byte[] bytes = HexFormat.of().parseHex(input);
    assertThatExceptionOfType(FormatException.Unsupported.class)
        .isThrownBy(() -> format.open(new ByteArrayInputStream(bytes)).readAllBytes())
        .withMessageContaining(message);
  }

  @Test
  void skippableZstdFramesAreSkipped() throws Exception {
    byte[] frames =
        HexFormat.of()
            .parseHex(
                "502a4d18"
                    + "03000000"
                    + "aabbcc"
                    + "28b52ffd2001090000"
                    + "78"
                    + "5f2a4d1800000000");
    byte[] content = StreamFormat.ZSTD.open(new ByteArrayInputStream(frames)).readAllBytes();
    assertThat(content).containsExactly('x');
  }

  private static ByteString head(String hex) {
    return ByteString.of(HexFormat.of().parseHex(hex));
  }
}
