package io.github.container2boot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "512, 512",
    "4K, 4096",
    "128k, 131072",
    "3M, 3145728",
    "8G, 8589934592",
    "2T, 2199023255552"
  })
  void parses(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "0G",
        "-1",
        "+1",
        "1.5G",
        "1GB",
        "1 G",
        "G",
        "1P",
        "9223372036854775808",
        "9999999999T",
        "99999999999999999999",
        "١"
      })
  void refuses(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "102400, 100 KiB",
    "1023999, 1.0 MiB",
    "417333248, 398 MiB",
    "5368709120, 5.0 GiB",
    "9223372036854775807, 8.0 EiB"
  })
  void shows(long bytes, String text) {
    assertThat(ByteSize.shown(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"1, 1M", "1048576, 1M", "1048577, 2M", "5000000000, 4769M"})
  void namesASizeThatIsEnough(long bytes, String text) {
    assertThat(ByteSize.wholeMebibytes(bytes)).isEqualTo(text);
    assertThat(ByteSize.parse(text)).isGreaterThanOrEqualTo(bytes);
  }
}
