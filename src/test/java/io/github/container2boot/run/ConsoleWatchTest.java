package io.github.container2boot.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ConsoleWatchTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @Test
  void itIsSeenWhileTheConsoleGoesOn() throws Exception {
    PipedInputStream console = new PipedInputStream();
    PipedOutputStream machine = new PipedOutputStream(console);
    ConsoleWatch watch = ConsoleWatch.start(console, log, Pattern.compile("login: $"));
    machine.write("\u001b[1mdebian log".getBytes(UTF_8));
    machine.flush();
    assertThat(watch.await(Duration.ofMillis(20))).isFalse();
    assertThat(watch.hasEnded()).isFalse();
    machine.write("\u001b[0min: ".getBytes(UTF_8));
    machine.flush();
    assertThat(watch.await(LONG)).isTrue();
    machine.write("last words".getBytes(UTF_8));
    machine.close();
    watch.finish();
    assertThat(log.toString(UTF_8)).isEqualTo("\u001b[1mdebian log\u001b[0min: last words");
  }

  @Test
  void theLastLinesAreThoseOfTheEnd() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 5000; line++) {
      text.append("line ").append(line).append("\r\n\r\n");
    }
    ConsoleWatch watch = watch(text.toString(), "login");
    assertThat(watch.await(LONG)).isFalse();
    assertThat(watch.hasEnded()).isTrue();
    assertThat(watch.lastLines()).hasSize(20).startsWith("line 4980").endsWith("line 4999");
    assertThat(log.toString(UTF_8)).isEqualTo(text.toString());
  }

  @Test
  void whatIsWaitedForMayCrossLinesAndPieces() throws Exception {
    String far = "x".repeat(ConsoleWatch.KEPT_CHARACTERS - 100);
    assertThat(watch("begin" + far + "\r\nend", "begin(?s:.*)end").await(LONG)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "debian lo[    9.313411] kvm_amd: Nested Paging enabled\r\ngin: ",
        "debian [  100.015627] a\r\n[  100.015800] b\r\nlogin: ",
        "debian login[12345.000001] input: PC Speaker\r\n: "
      })
  void messagesOfTheKernelTearNothing(String console) throws Exception {
    assertThat(watch(console, "\\w login: $").await(LONG)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "debian lo[    9.313411] a\r\n[  OK  ] Started ssh.service.\r\ngin: ",
        "debian lo[    9.313411] no end"
      })
  void onlyMessagesOfTheKernelAreTakenOut(String console) throws Exception {
    assertThat(watch(console, "login: ").await(LONG)).isFalse();
  }

  @Test
  void messagesOfTheKernelAreSeen() throws Exception {
    String console = "[    0.000000] secureboot: Secure boot enabled\r\nlater\r\n";
    assertThat(watch(console, "Secure boot enabled\nlater").await(LONG)).isTrue();
  }

  @Test
  void charactersMayComeInPieces() throws Exception {
    byte[] bytes = "grün €𝄞 \u00ff".getBytes(UTF_8);
    InputStream oneByOne =
        new ByteArrayInputStream(bytes) {
          @Override
          public int read(byte[] target, int offset, int count) {
            return super.read(target, offset, Math.min(count, 1));
          }

          @Override
          public int read(byte[] target) {
            return read(target, 0, target.length);
          }
        };
    ConsoleWatch watch = ConsoleWatch.start(oneByOne, log, Pattern.compile("grün €𝄞"));
    assertThat(watch.await(LONG)).isTrue();
  }

  @Test
  void aLogThatCannotBeWrittenIsAnError() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    ConsoleWatch watch =
        ConsoleWatch.start(new ByteArrayInputStream(new byte[10]), full, Pattern.compile("login"));
    assertThatThrownBy(() -> watch.await(LONG)).hasMessage("No space left on device");
  }

  private ConsoleWatch watch(String console, String expected) {
    return ConsoleWatch.start(
        new ByteArrayInputStream(console.getBytes(UTF_8)), log, Pattern.compile(expected));
  }
}
