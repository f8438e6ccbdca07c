package io.github.container2boot.cli;

import java.io.PrintStream;

/// Tidies the terminal if a signal ends the process (Ctrl-C, kill, a closed terminal).
///
/// The Java runtime turns SIGINT, SIGTERM and SIGHUP into an orderly end with the exit code that
/// shells expect, 128 and the signal's number.
final class Interruption implements AutoCloseable {
  private final Thread hook;

  private Interruption(Thread hook) {
    this.hook = hook;
  }

  static Interruption watch(ProgressDisplay display, PrintStream err) {
    Thread hook =
        new Thread(
            () -> {
              display.close();
              err.println(Main.NAME + ": interrupted");
            },
            "interrupted");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interruption(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // It is running, or has run.
    }
  }

  /// Whether the process is ending already. What fails from then on fails because of that.
  static boolean isUnderWay() {
    Thread probe = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException shuttingDown) {
      return true;
    }
  }
}
