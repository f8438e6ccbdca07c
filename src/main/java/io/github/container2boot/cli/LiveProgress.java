package io.github.container2boot.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A display that repaints itself at the bottom of a terminal: a line for each stage that is under
/// way, below what is over.
///
/// A frame is one write, and overwrites the former line by line instead of clearing it first, so
/// that nothing flickers. No line is ever as wide as the terminal; where it has become narrower
/// since the last frame, that frame's lines have been wrapped, and the cursor goes up by as many
/// rows as they now take. The terminal's state is never changed, so there is nothing to restore:
/// closing paints an empty frame.
final class LiveProgress implements ProgressDisplay {
  private static final long FRAME_MILLISECONDS = 100;
  private static final int MOST_STAGES = 4;

  private final PrintStream out;
  private final IntSupplier columns;
  private final LongSupplier nanoTime;
  private final StageLine.Style style;
  private final boolean verbose;
  private final List<LiveStage> stages = new ArrayList<>();
  private List<Integer> paintedWidths = List.of();
  private @Nullable Thread painter;
  private boolean closed;

  /// @param columns how wide the terminal is, asked at every frame
  LiveProgress(
      PrintStream out,
      IntSupplier columns,
      LongSupplier nanoTime,
      StageLine.Style style,
      boolean verbose) {
    this.out = out;
    this.columns = columns;
    this.nanoTime = nanoTime;
    this.style = style;
    this.verbose = verbose;
  }

  /// Begins to repaint by itself, several times a second.
  LiveProgress start() {
    painter = Thread.ofPlatform().daemon().name("progress").start(this::paintUntilClosed);
    return this;
  }

  private void paintUntilClosed() {
    try {
      while (!Thread.interrupted()) {
        TimeUnit.MILLISECONDS.sleep(FRAME_MILLISECONDS);
        paint();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /// Shows how things are now.
  synchronized void paint() {
    frame("");
  }

  @Override
  public synchronized Stage begin(String name, long totalBytes) {
    LiveStage stage = new LiveStage(new StageLine(name, totalBytes, nanoTime.getAsLong()));
    stages.add(stage);
    paint();
    return stage;
  }

  @Override
  public synchronized void note(String message) {
    if (verbose) {
      frame(OneLine.of(message));
    }
  }

  @Override
  public synchronized void choice(String message) {
    frame(OneLine.of(message));
  }

  @Override
  public synchronized void warning(String message) {
    frame(style.warning(Main.NAME + ": warning: " + OneLine.of(message)));
  }

  private synchronized void end(LiveStage stage, String lastWords) {
    if (stages.remove(stage)) {
      frame(lastWords);
    }
  }

  @Override
  public synchronized void close() {
    stages.clear();
    paint();
    closed = true;
    if (painter != null) {
      painter.interrupt();
    }
  }

  /// Puts `above`, unless it is empty, where it stays, and the stages below it.
  private void frame(String above) {
    if (closed) {
      return;
    }
    int width = Math.max(columns.getAsInt() - 1, 1);
    List<String> lines = stageLines(width);
    if (above.isEmpty() && lines.isEmpty() && paintedWidths.isEmpty()) {
      return;
    }
    StringBuilder frame = new StringBuilder();
    toFirstRow(frame, width + 1);
    if (!above.isEmpty()) {
      line(frame, above);
    }
    lines.forEach(text -> line(frame, text));
    out.print(frame.append("\u001b[J"));
    out.flush();
    paintedWidths = lines.stream().map(StageLine::shownWidth).toList();
  }

  private List<String> stageLines(int width) {
    long now = nanoTime.getAsLong();
    List<String> lines = new ArrayList<>();
    for (LiveStage stage : stages.subList(0, Math.min(stages.size(), MOST_STAGES))) {
      lines.add(stage.line.at(now, width, style));
    }
    return lines;
  }

  private void toFirstRow(StringBuilder frame, int columnsNow) {
    int rows = 0;
    for (int painted : paintedWidths) {
      rows += Math.max(1, Math.ceilDiv(painted, columnsNow));
    }
    frame.append('\r');
    if (rows > 0) {
      frame.append("\u001b[").append(rows).append('A');
    }
  }

  private static void line(StringBuilder frame, String text) {
    frame.append(text).append("\u001b[K\n");
  }

  private final class LiveStage implements Stage {
    private final StageLine line;

    LiveStage(StageLine line) {
      this.line = line;
    }

    @Override
    public void advance(long bytes) {
      line.advance(bytes);
    }

    @Override
    public void finish() {
      end(this, line.finished(nanoTime.getAsLong(), style));
    }

    @Override
    public void close() {
      end(this, "");
    }
  }
}
