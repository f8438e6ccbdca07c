package io.github.container2boot.cli;

import io.github.container2boot.build.Progress;
import java.io.PrintStream;

/// Tells of nothing but warnings, and of notes if asked to: for scripts.
final class QuietProgress implements ProgressDisplay {
  private final PrintStream out;
  private final boolean verbose;

  QuietProgress(PrintStream out, boolean verbose) {
    this.out = out;
    this.verbose = verbose;
  }

  @Override
  public Stage begin(String name, long totalBytes) {
    return Progress.unwatched().begin(name, totalBytes);
  }

  @Override
  public void note(String message) {
    if (verbose) {
      out.println(OneLine.of(message));
    }
  }

  @Override
  public void choice(String message) {
    note(message);
  }

  @Override
  public void warning(String message) {
    out.println(Main.NAME + ": warning: " + OneLine.of(message));
  }

  @Override
  public void close() {}
}
