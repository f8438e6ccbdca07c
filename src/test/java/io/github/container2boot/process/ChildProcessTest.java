package io.github.container2boot.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void itsComplaintsAreKept() throws Exception {
    try (ChildProcess child =
        shell("echo out; echo 'first ' >&2; echo >&2; echo last >&2; exit 3")) {
      assertThat(child.awaitEnd()).isEqualTo(3);
      assertThat(child.complaints()).containsExactly("first", "last");
      assertThat(child.output().readAllBytes()).isEqualTo("out\n".getBytes(UTF_8));
    }
  }

  @Test
  void itReadsWhatItIsGiven() throws Exception {
    try (ChildProcess child = shell("cat")) {
      child.input().write("words".getBytes(UTF_8));
      child.input().close();
      assertThat(child.output().readAllBytes()).isEqualTo("words".getBytes(UTF_8));
      assertThat(child.awaitEnd(PATIENCE)).isEqualTo(OptionalInt.of(0));
    }
  }

  @Test
  void endlessComplaintsFillNothing() throws Exception {
    try (ChildProcess child = shell("yes complaint | head -n 100000 >&2")) {
      assertThat(child.awaitEnd()).isZero();
      assertThat(child.complaints()).hasSizeBetween(100, 2000);
    }
  }

  @Test
  void closingEndsIt() throws Exception {
    ChildProcess child =
        shell("trap 'echo asked; exit' TERM; echo ready; while :; do sleep 0.1; done");
    assertThat(child.output().read()).isEqualTo('r');
    assertThat(child.awaitEnd(Duration.ofMillis(1))).isEmpty();
    child.close();
    assertThat(child.awaitEnd(PATIENCE)).isPresent();
  }

  @Test
  void closingEndsWhatDoesNotListen() throws Exception {
    ProcessBuilder deaf =
        new ProcessBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done");
    ChildProcess child = ChildProcess.start("deaf", deaf, Duration.ofMillis(100));
    assertThat(child.output().read()).isEqualTo('r');
    child.close();
    assertThat(child.awaitEnd(PATIENCE)).isEqualTo(OptionalInt.of(128 + 9));
  }

  @Test
  void aProgramThatIsNotThereIsAnError() {
    assertThatThrownBy(
            () -> ChildProcess.start("none", new ProcessBuilder("/nowhere/none"), PATIENCE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/nowhere/none");
  }

  private static ChildProcess shell(String script) throws IOException {
    return ChildProcess.start("shell", new ProcessBuilder("sh", "-c", script), PATIENCE);
  }
}
