package io.github.container2boot.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/// A program that runs for us. It ends when it is closed, and when we end.
///
/// What it says on standard error is kept, to be quoted if it fails.
public final class ChildProcess implements Closeable {
  private static final int MAX_SAID_BYTES = 8 << 10;

  private final Process process;
  private final Duration patience;
  private final Thread hook;
  private final Thread listener;
  private final StringBuilder said = new StringBuilder();

  private ChildProcess(Process process, String name, Duration patience) {
    this.process = process;
    this.patience = patience;
    this.hook = new Thread(this::end, "end " + name);
    this.listener = Thread.ofPlatform().daemon().name(name).unstarted(this::listen);
  }

  /// Starts a program.
  ///
  /// @param name what its threads are called by
  /// @param patience how long it may take to end when it is told to
  /// @throws IOException if it cannot be started
  public static ChildProcess start(String name, ProcessBuilder program, Duration patience)
      throws IOException {
    ChildProcess child = new ChildProcess(program.start(), name, patience);
    child.listener.start();
    child.endWithUs();
    return child;
  }

  private void endWithUs() {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException endingAlready) {
      process.destroy();
    }
  }

  private void listen() {
    try (InputStream error = process.getErrorStream()) {
      byte[] piece = new byte[MAX_SAID_BYTES];
      for (int count = error.read(piece); count >= 0; count = error.read(piece)) {
        hear(new String(piece, 0, count, UTF_8));
      }
    } catch (IOException ended) {
      // It has nothing more to say.
    }
  }

  private synchronized void hear(String text) {
    if (said.length() < MAX_SAID_BYTES) {
      said.append(text);
    }
  }

  /// The lines of what it has said so far on standard error, but for empty ones.
  public synchronized List<String> complaints() {
    return said.toString().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  public OutputStream input() {
    return process.getOutputStream();
  }

  /// What it prints. Does not tell whether it has failed.
  public InputStream output() {
    return process.getInputStream();
  }

  /// Waits until it ends by itself.
  ///
  /// @return its exit code
  public int awaitEnd() throws InterruptedException {
    int exitCode = process.waitFor();
    listener.join(patience);
    return exitCode;
  }

  /// Waits for an end that should be near.
  ///
  /// @return its exit code; none if it does not end
  public OptionalInt awaitEnd(Duration limit) throws InterruptedException {
    return process.waitFor(limit) ? OptionalInt.of(awaitEnd()) : OptionalInt.empty();
  }

  /// Ends it without asking.
  public void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // It is running, or has run.
    }
  }

  /// Asks for its end first: who has changed a terminal then leaves it as it was found.
  private void end() {
    process.destroy();
    try {
      if (!process.waitFor(patience)) {
        kill();
      }
    } catch (InterruptedException interruption) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
