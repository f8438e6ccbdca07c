package io.github.container2boot.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeRequestTest {
  /// The examples of RFC 9110, section 14.1.2, for a representation of 10000 bytes.
  @ParameterizedTest
  @CsvSource({
    "bytes=0-499, 0, 499",
    "bytes=500-999, 500, 999",
    "bytes=-500, 9500, 9999",
    "bytes=9500-, 9500, 9999",
    "bytes=-20000, 0, 9999",
    "bytes=9999-, 9999, 9999",
    "bytes=0-, 0, 9999",
    "bytes=0-99999999999999999999999, 0, 9999",
    "Bytes= 1-1, 1, 1"
  })
  void oneRange(String header, long first, long last) {
    assertThat(RangeRequest.parse(header, 10_000))
        .isEqualTo(new RangeRequest.Parts(List.of(new ByteRange(first, last))));
  }

  @Test
  void severalKeepTheirOrderAndLoseWhatIsNot() {
    assertThat(RangeRequest.parse("bytes=-1, 0-0,, 20000-30000", 10_000))
        .isEqualTo(new RangeRequest.Parts(List.of(new ByteRange(9999, 9999), new ByteRange(0, 0))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=10000-", "bytes=-0", "bytes=10000-20000", "bytes=99999999999999999999-"})
  void noneOfItExists(String header) {
    assertThat(RangeRequest.parse(header, 10_000)).isEqualTo(new RangeRequest.Unsatisfiable());
  }

  /// What makes no sense, or would be more than the whole, is passed over (section 14.2).
  @ParameterizedTest
  @ValueSource(
      strings = {
        "lines=1-2",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-4",
        "bytes=1-2-3",
        "bytes=0-,0-,0-",
        "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,10-10,11-11,12-12,13-13,14-14,15-15,16-16"
      })
  void theWholeInstead(String header) {
    assertThat(RangeRequest.parse(header, 10_000)).isEqualTo(new RangeRequest.Whole());
  }

  @Test
  void nothingHasNoRanges() {
    assertThat(RangeRequest.parse("bytes=0-", 0)).isEqualTo(new RangeRequest.Unsatisfiable());
    assertThat(RangeRequest.parse("bytes=-1", 0)).isEqualTo(new RangeRequest.Unsatisfiable());
  }

  @Test
  void noiseIsAnsweredToo() {
    Random random = new Random(7);
    String alphabet = "bytes=0123456789-, \t";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder header = new StringBuilder(random.nextBoolean() ? "bytes=" : "");
      for (int index = random.nextInt(30); index > 0; index--) {
        header.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      long sizeBytes = random.nextInt(1000);
      if (RangeRequest.parse(header.toString(), sizeBytes) instanceof RangeRequest.Parts parts) {
        List<ByteRange> ranges = new ArrayList<>(parts.ranges());
        assertThat(ranges).isNotEmpty().allMatch(range -> range.last() < sizeBytes);
      }
    }
  }
}
