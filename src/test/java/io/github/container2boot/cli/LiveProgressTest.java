package io.github.container2boot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.build.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What a person sees: the display's output is fed to a small terminal.
class LiveProgressTest {
  private static final long MEBIBYTE = 1 << 20;
  private static final StageLine.Style ASCII = new StageLine.Style(false, false);
  private static final StageLine.Style FANCY = new StageLine.Style(true, true);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long nanoTime;
  private int columns = 80;

  private LiveProgress display(StageLine.Style style, boolean verbose) {
    return new LiveProgress(
        new PrintStream(bytes, true, UTF_8), () -> columns, () -> nanoTime, style, verbose);
  }

  private List<String> screen() {
    return FakeTerminal.shown(bytes.toString(UTF_8), columns);
  }

  private void pass(double seconds) {
    nanoTime += (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void namesTheStageAndShowsBytesRateAndTimeLeft() {
    try (LiveProgress display = display(ASCII, false)) {
      Progress.Stage stage = display.begin("Reading layers", 600 * MEBIBYTE);
      for (int second = 0; second < 3; second++) {
        pass(1);
        stage.advance(50 * MEBIBYTE);
        display.paint();
      }
      assertThat(screen().getFirst())
          .startsWith("Reading layers")
          .contains("25%", "150 MiB of 600 MiB")
          .hasSizeLessThan(80);
      columns = 120;
      display.paint();
      assertThat(screen().getFirst()).endsWith("25%  150 MiB of 600 MiB  50.0 MiB/s  0:09 left");
    }
  }

  @Test
  void isGoneWhenClosedAndLeavesWhatIsDone() {
    try (LiveProgress display = display(ASCII, false)) {
      Progress.Stage stage = display.begin("Reading layers", 10 * MEBIBYTE);
      stage.advance(10 * MEBIBYTE);
      pass(2);
      stage.finish();
      display.begin("Writing", 10 * MEBIBYTE);
      display.paint();
      assertThat(screen()).hasSize(2);
    }
    assertThat(screen()).containsExactly("Reading layers: 10.0 MiB in 2.0 s");
  }

  @Test
  void aStageGivenUpIsNotCalledDone() {
    try (LiveProgress display = display(ASCII, false)) {
      display.begin("Reading layers", 10 * MEBIBYTE).close();
      assertThat(screen()).isEmpty();
    }
  }

  @Test
  void closingAfterFinishingSaysNothingMore() {
    try (LiveProgress display = display(ASCII, false)) {
      try (Progress.Stage stage = display.begin("Reading layers", 0)) {
        stage.finish();
      }
      assertThat(screen()).containsExactly("Reading layers: 0.0 s");
    }
  }

  @Test
  void everyStageUnderWayHasALine() {
    try (LiveProgress display = display(ASCII, false)) {
      display.begin("One", 10);
      Progress.Stage two = display.begin("Two", Progress.UNKNOWN);
      display.begin("Three", 10);
      assertThat(screen())
          .extracting(line -> line.split(" ")[0])
          .containsExactly("One", "Two", "Three");
      two.finish();
      assertThat(screen())
          .extracting(line -> line.split(" ")[0])
          .containsExactly("Two:", "One", "Three");
    }
  }

  @Test
  void warningsStayAboveTheStages() {
    try (LiveProgress display = display(ASCII, false)) {
      display.begin("One", 10);
      display.warning("3 ACLs were\ndropped");
      display.note("not asked for");
      display.paint();
      assertThat(screen()).hasSize(2);
      assertThat(screen().getFirst()).isEqualTo("container2boot: warning: 3 ACLs were dropped");
    }
    assertThat(screen()).containsExactly("container2boot: warning: 3 ACLs were dropped");
  }

  @Test
  void notesAreForThoseWhoAsk() {
    try (LiveProgress display = display(ASCII, true)) {
      display.note("kernel 6.12");
      assertThat(screen()).containsExactly("kernel 6.12");
    }
  }

  /// A terminal that becomes narrower wraps the lines that are there.
  @Test
  void survivesResizing() {
    for (int width : new int[] {120, 40, 30, 200, 10, 80, 3, 60}) {
      bytes.reset();
      columns = 120;
      LiveProgress resized = display(ASCII, false);
      resized.begin("Reading layers", 600 * MEBIBYTE);
      columns = width;
      resized.paint();
      assertThat(screen()).as("%d columns", width).hasSize(1);
      assertThat(screen().getFirst()).startsWith("R").hasSizeLessThan(width);
    }
  }

  @Test
  void noLineIsEverAsWideAsTheTerminal() {
    try (LiveProgress display = display(FANCY, false)) {
      Progress.Stage known = display.begin("Compressing the layers of the image", 600 * MEBIBYTE);
      Progress.Stage unknown = display.begin("Reading standard input", Progress.UNKNOWN);
      for (columns = 2; columns < 200; columns++) {
        pass(0.1);
        known.advance(MEBIBYTE * 7);
        unknown.advance(MEBIBYTE / 3);
        bytes.reset();
        display.paint();
        String[] painted = bytes.toString(UTF_8).split("\n");
        assertThat(Arrays.stream(painted, 0, 2).map(line -> FakeTerminal.withoutEscapes(line)))
            .as("%d columns", columns)
            .allMatch(line -> line.length() < columns);
      }
    }
  }

  @Test
  void coloursAreForThoseWhoWantThem() {
    try (LiveProgress display = display(ASCII, false)) {
      display.begin("One", 10);
      display.warning("careful");
    }
    assertThat(bytes.toString(UTF_8)).doesNotContainPattern("\u001b\\[[0-9;]*m").isASCII();
  }

  @Test
  void moreThanAnnouncedIsNotMoreThanEverything() {
    try (LiveProgress display = display(ASCII, false)) {
      Progress.Stage stage = display.begin("One", 10);
      stage.advance(1000);
      pass(1);
      display.paint();
      assertThat(screen().getFirst()).contains("100%");
    }
  }

  @Test
  void countsWhatManyThreadsDo() throws InterruptedException {
    try (LiveProgress display = display(ASCII, false)) {
      Progress.Stage stage = display.begin("One", Progress.UNKNOWN);
      List<Thread> threads = List.of(advancing(stage), advancing(stage), advancing(stage));
      for (Thread thread : threads) {
        thread.join();
      }
      stage.finish();
      assertThat(screen()).containsExactly("One: 2.9 MiB in 0.0 s");
    }
  }

  private static Thread advancing(Progress.Stage stage) {
    return Thread.startVirtualThread(() -> {
      for (int count = 0; count < 1_000_000; count++) {
        stage.advance(1);
      }
    });
  }
}
