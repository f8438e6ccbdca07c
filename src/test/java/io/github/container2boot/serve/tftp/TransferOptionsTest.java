package io.github.container2boot.serve.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferOptionsTest {
  private static final int ETHERNET = 1480;

  @Test
  void withoutOptionsNothingIsSaid() {
    assertThat(TransferOptions.negotiate(Map.of(), 10, ETHERNET))
        .isEqualTo(new TransferOptions(512, 1, Optional.empty(), Map.of()));
  }

  @Test
  void aBlockIsNoLargerThanThePacketThatCarriesIt() {
    assertThat(TransferOptions.negotiate(Map.of("blksize", "65464"), 10, ETHERNET))
        .isEqualTo(new TransferOptions(1468, 1, Optional.empty(), Map.of("blksize", "1468")));
    assertThat(TransferOptions.negotiate(Map.of("blksize", "1024"), 10, 300).blockSizeBytes())
        .isEqualTo(512);
  }

  @ParameterizedTest
  @CsvSource({
    "blksize, 7", "blksize, 65465", "blksize, -8", "blksize, 1e3", "blksize, 99999999999999999999",
    "timeout, 0", "timeout, 256", "windowsize, 0", "windowsize, 65536", "windowsize, ''"
  })
  void whatMakesNoSenseIsNotAccepted(String option, String value) {
    assertThat(TransferOptions.negotiate(Map.of(option, value), 10, ETHERNET))
        .isEqualTo(new TransferOptions(512, 1, Optional.empty(), Map.of()));
  }

  @Test
  void theOthersAre() {
    assertThat(
            TransferOptions.negotiate(
                Map.of("timeout", "3", "windowsize", "400", "tsize", "0"), 1L << 33, ETHERNET))
        .isEqualTo(
            new TransferOptions(
                512,
                64,
                Optional.of(Duration.ofSeconds(3)),
                Map.of("timeout", "3", "windowsize", "64", "tsize", "8589934592")));
  }

  @Test
  void theWaitGrowsUnlessTheClientSaidHowLong() {
    assertThat(Pace.USUAL.wait(0)).hasSeconds(1);
    assertThat(Pace.USUAL.wait(2)).hasSeconds(4);
    assertThat(Pace.USUAL.wait(40)).hasSeconds(8);
    Pace asked = Pace.USUAL.orAsked(Optional.of(Duration.ofSeconds(2)));
    assertThat(asked).isEqualTo(new Pace(Duration.ofSeconds(2), Duration.ofSeconds(2), 6));
    assertThat(Pace.USUAL.orAsked(Optional.of(Duration.ofSeconds(255))).attempts()).isEqualTo(3);
  }
}
