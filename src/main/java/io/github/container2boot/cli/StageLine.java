package io.github.container2boot.cli;

import io.github.container2boot.build.Progress;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/// What the display says of one stage: `Reading layers ━━━━━━━━╸─────── 48% 301 / 634 MiB 118 MiB/s
/// 0:03 left`, or as much of it as there is room for.
final class StageLine {
  private static final int NAME_COLUMNS = 24;
  private static final int LEAST_BAR_COLUMNS = 8;
  private static final int MOST_BAR_COLUMNS = 32;
  private static final double SMOOTHING_SECONDS = 3;
  private static final double NANOSECONDS = 1e9;

  private final String name;
  private final long totalBytes;
  private final long begin;
  private final LongAdder done = new LongAdder();
  private long measuredAt;
  private long measuredBytes;
  private double bytesPerSecond;

  StageLine(String name, long totalBytes, long nanoTime) {
    this.name = name;
    this.totalBytes = totalBytes;
    this.begin = nanoTime;
    this.measuredAt = nanoTime;
  }

  /// How lines look.
  ///
  /// @param colour whether they may have any (https://no-color.org)
  /// @param unicode whether the terminal takes more than ASCII
  record Style(boolean colour, boolean unicode) {
    String warning(String text) {
      return coloured("33", text);
    }

    private String coloured(String code, String text) {
      return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    private String bar(double fraction, int columns) {
      int full = (int) (fraction * columns);
      String head = full == columns ? "" : unicode ? "╸" : ">";
      String rest = (unicode ? "─" : "-").repeat(columns - full - head.length());
      return coloured("36", (unicode ? "━" : "=").repeat(full) + head) + coloured("2", rest);
    }

    private String finished(String text) {
      return (unicode ? coloured("32", "✓") + " " : "") + text;
    }
  }

  void advance(long bytes) {
    done.add(bytes);
  }

  /// How it stands at `nanoTime`, in at most `columns` columns.
  String at(long nanoTime, int columns, Style style) {
    long bytes = done.sum();
    measure(nanoTime, bytes);
    return totalBytes == Progress.UNKNOWN || totalBytes == 0
        ? withoutTotal(bytes, nanoTime, columns)
        : withTotal(Math.min(bytes, totalBytes), columns, style);
  }

  private String withTotal(long bytes, int columns, Style style) {
    double fraction = bytes / (double) totalBytes;
    String percent = "%3d%%".formatted((int) (fraction * 100));
    String amount = ByteSize.shown(bytes) + " of " + ByteSize.shown(totalBytes);
    String left =
        fitting(
            columns - LEAST_BAR_COLUMNS - NAME_COLUMNS - 1,
            percent,
            amount,
            rate(),
            timeLeft(bytes));
    int bar = Math.min(columns - NAME_COLUMNS - left.length() - 1, MOST_BAR_COLUMNS);
    if (bar < LEAST_BAR_COLUMNS) {
      return cut(name + "  " + percent, columns);
    }
    return padded(name) + style.bar(fraction, bar) + " " + left;
  }

  private String withoutTotal(long bytes, long nanoTime, int columns) {
    String time = Durations.clock(Duration.ofNanos(nanoTime - begin));
    String left =
        bytes == 0
            ? fitting(columns - NAME_COLUMNS, time)
            : fitting(columns - NAME_COLUMNS, ByteSize.shown(bytes), rate(), time);
    return cut(left.isEmpty() ? name : padded(name) + left, columns);
  }

  /// As many of `parts` as fit, two spaces between them.
  private static String fitting(int columns, String... parts) {
    StringBuilder text = new StringBuilder();
    for (String part : parts) {
      int gap = text.isEmpty() || part.isEmpty() ? 0 : 2;
      if (text.length() + gap + part.length() > columns) {
        break;
      }
      text.append("  ", 0, gap).append(part);
    }
    return text.toString();
  }

  private static String padded(String name) {
    return name.length() < NAME_COLUMNS
        ? name + " ".repeat(NAME_COLUMNS - name.length())
        : cut(name, NAME_COLUMNS - 2) + "  ";
  }

  private static String cut(String text, int columns) {
    return text.length() <= columns ? text : text.substring(0, columns);
  }

  /// The rate of the last seconds counts most, so that the display follows a change but does not
  /// jump.
  private void measure(long nanoTime, long bytes) {
    double seconds = (nanoTime - measuredAt) / NANOSECONDS;
    if (seconds <= 0) {
      return;
    }
    double current = (bytes - measuredBytes) / seconds;
    double elapsed = (nanoTime - begin) / NANOSECONDS;
    double weight =
        Math.max(1 - Math.exp(-seconds / SMOOTHING_SECONDS), Math.min(1, seconds / elapsed));
    bytesPerSecond += weight * (current - bytesPerSecond);
    measuredAt = nanoTime;
    measuredBytes = bytes;
  }

  private String rate() {
    return bytesPerSecond < 1 ? "" : ByteSize.shown((long) bytesPerSecond) + "/s";
  }

  private String timeLeft(long bytes) {
    if (bytesPerSecond < 1) {
      return "";
    }
    long seconds = (long) Math.ceil((totalBytes - bytes) / bytesPerSecond);
    return Durations.clock(Duration.ofSeconds(seconds)) + " left";
  }

  /// What stays of it when it is over.
  String finished(long nanoTime, Style style) {
    return style.finished(PlainProgress.finished(name, done.sum(), nanoTime - begin));
  }

  /// How many columns `text` takes: escape sequences take none.
  static int shownWidth(String text) {
    return text.replaceAll("\u001b\\[[0-9;]*m", "").length();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s: %d of %d bytes", name, done.sum(), totalBytes);
  }
}
