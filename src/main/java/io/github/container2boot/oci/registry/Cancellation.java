package io.github.container2boot.oci.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Ends whatever one thread waits for, from another thread.
final class Cancellation {
  private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

  void cancel() {
    cancelled.complete(null);
  }

  boolean isCancelled() {
    return cancelled.isDone();
  }

  /// @throws InterruptedIOException once cancelled
  void check() throws InterruptedIOException {
    if (isCancelled()) {
      throw new InterruptedIOException("closed");
    }
  }

  /// Lets time pass.
  void await(Duration duration) throws IOException {
    try {
      await(new CompletableFuture<Void>(), duration);
    } catch (TimeoutException _) {
      // As it was meant.
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// The result of `future`.
  ///
  /// @throws TimeoutException if it takes too long
  /// @throws InterruptedIOException once nobody wants it any more
  <T> T await(CompletableFuture<T> future, Duration timeout)
      throws IOException, ExecutionException, TimeoutException {
    try {
      CompletableFuture.anyOf(future, cancelled).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      check();
      return future.get();
    } catch (InterruptedException interruption) {
      throw interrupted(interruption);
    }
  }

  static InterruptedIOException interrupted(InterruptedException interruption) {
    Thread.currentThread().interrupt();
    InterruptedIOException stopped = new InterruptedIOException("stopped");
    stopped.initCause(interruption);
    return stopped;
  }
}
