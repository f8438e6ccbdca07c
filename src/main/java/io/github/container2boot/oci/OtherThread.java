package io.github.container2boot.oci;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/// Manners between a thread that reads and the one that reads for it.
public final class OtherThread {
  private OtherThread() {}

  /// Throws here what ended the other thread, if anything did.
  public static void throwFailure(@Nullable Throwable failure) throws IOException {
    switch (failure) {
      case null -> {}
      case IOException problem -> throw problem;
      case RuntimeException bug -> throw bug;
      case Error error -> throw error;
      default -> throw new IOException(failure);
    }
  }

  /// Waits for the end of a thread that has been told to end. An interruption is kept for later.
  public static void awaitEnd(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// What a read throws whose thread was interrupted while it waited; that it was is kept.
  public static InterruptedIOException stopped(InterruptedException interruption) {
    Thread.currentThread().interrupt();
    InterruptedIOException stopped = new InterruptedIOException("stopped");
    stopped.initCause(interruption);
    return stopped;
  }
}
