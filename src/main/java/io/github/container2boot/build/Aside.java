package io.github.container2boot.build;

import io.github.container2boot.oci.OtherThread;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Work that another thread does meanwhile.
final class Aside<T> implements Closeable {
  private final FutureTask<T> task;
  private final Thread thread;

  private Aside(String name, FutureTask<T> task) {
    this.task = task;
    this.thread = Thread.ofPlatform().daemon().name(name).start(task);
  }

  static <T> Aside<T> start(String name, Callable<T> work) {
    return new Aside<>(name, new FutureTask<>(work));
  }

  /// What came out of it, as soon as it is done; throws what it threw.
  T result() throws IOException {
    try {
      return task.get();
    } catch (ExecutionException failed) {
      OtherThread.throwFailure(failed.getCause());
      throw new IllegalStateException(failed);
    } catch (InterruptedException interruption) {
      throw OtherThread.stopped(interruption);
    }
  }

  /// Waits until nothing that it uses is in use any more.
  @Override
  public void close() {
    OtherThread.awaitEnd(thread);
  }
}
