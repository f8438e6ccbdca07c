package io.github.container2boot.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets a command that runs until it is told to stop end well when it is: a signal (SIGTERM,
/// SIGINT, SIGHUP) ends [#await], the command closes what it has open, and the process ends with
/// exit code 0.
final class Termination implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::end, "termination");

  /// From now on a signal is no failure.
  void watch() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// The runtime would otherwise end with the signal's own exit code.
  private void end() {
    asked.countDown();
    try {
      if (done.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(0);
      }
    } catch (InterruptedException another) {
      Thread.currentThread().interrupt();
    }
  }

  /// Returns when the process is to end.
  void await() throws InterruptedException {
    asked.await();
  }

  /// All is closed.
  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // It is running.
    }
  }
}
