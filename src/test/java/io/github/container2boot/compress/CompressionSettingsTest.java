package io.github.container2boot.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "zstd, ZSTD, 6",
    "zstd:22, ZSTD, 22",
    "gzip, GZIP, 9",
    "gzip:12, GZIP, 12",
    "xz, XZ, 6",
    "xz:0, XZ, 0",
    "lz4, LZ4, 1",
    "lz4:12, LZ4, 12",
    "lzo, LZO, 1"
  })
  void namesAndLevelsAreUnderstood(String text, Compression compression, int level) {
    assertThat(CompressionSettings.parse(text))
        .isEqualTo(new CompressionSettings(compression, level));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsShownIsUnderstood(Compression compression) {
    CompressionSettings settings = CompressionSettings.of(compression);
    assertThat(CompressionSettings.parse(settings.toString())).isEqualTo(settings);
  }

  @ParameterizedTest
  @CsvSource({
    "brotli, unknown compressor 'brotli'",
    "'', unknown compressor ''",
    "ZSTD, unknown compressor 'ZSTD'",
    "zstd:0, unknown zstd level 0: expected 1 to 22",
    "zstd:23, unknown zstd level 23: expected 1 to 22",
    "zstd:, unknown zstd level '': expected 1 to 22",
    "zstd:6:7, unknown zstd level '6:7': expected 1 to 22",
    "xz:-1, unknown xz level -1: expected 0 to 9",
    "lzo:2, 'lzo has no levels: expected 1, found 2'"
  })
  void whatIsWrongIsSaid(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CompressionSettings.parse(text))
        .withMessageStartingWith(message);
  }

  @Test
  void anUnknownCompressorIsToldTheKnownOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compression.parse("lzma"))
        .withMessage("unknown compressor 'lzma': expected one of gzip, zstd, xz, lz4, lzo");
  }
}
