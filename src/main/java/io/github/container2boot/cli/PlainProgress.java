package io.github.container2boot.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// A line when a stage begins and one when it ends: for logs.
final class PlainProgress implements ProgressDisplay {
  private final PrintStream out;
  private final LongSupplier nanoTime;
  private final boolean verbose;

  PlainProgress(PrintStream out, LongSupplier nanoTime, boolean verbose) {
    this.out = out;
    this.nanoTime = nanoTime;
    this.verbose = verbose;
  }

  @Override
  public Stage begin(String name, long totalBytes) {
    out.println(totalBytes > 0 ? "%s (%s)".formatted(name, ByteSize.shown(totalBytes)) : name);
    return new PlainStage(name, nanoTime.getAsLong());
  }

  @Override
  public void note(String message) {
    if (verbose) {
      out.println(OneLine.of(message));
    }
  }

  @Override
  public void choice(String message) {
    out.println(OneLine.of(message));
  }

  @Override
  public void warning(String message) {
    out.println(Main.NAME + ": warning: " + OneLine.of(message));
  }

  @Override
  public void close() {}

  private final class PlainStage implements Stage {
    private final String name;
    private final long begin;
    private final LongAdder done = new LongAdder();

    PlainStage(String name, long begin) {
      this.name = name;
      this.begin = begin;
    }

    @Override
    public void advance(long bytes) {
      done.add(bytes);
    }

    @Override
    public void finish() {
      out.println(finished(name, done.sum(), nanoTime.getAsLong() - begin));
    }

    @Override
    public void close() {}
  }

  /// `Reading layers: 634 MiB in 3.2 s`.
  static String finished(String name, long bytes, long nanoseconds) {
    String time = Durations.shown(Duration.ofNanos(nanoseconds));
    return bytes == 0
        ? "%s: %s".formatted(name, time)
        : "%s: %s in %s".formatted(name, ByteSize.shown(bytes), time);
  }
}
