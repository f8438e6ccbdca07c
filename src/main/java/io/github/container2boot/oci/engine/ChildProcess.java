package io.github.container2boot.oci.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.BulkInputStream;
import io.github.container2boot.bytes.Shown;
import io.github.container2boot.oci.OtherThread;
import io.github.container2boot.oci.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A program that runs for us. It ends when it is closed, and when we end.
///
/// What it says on standard error is kept, to be quoted if it fails.
public final class ChildProcess implements Closeable {
  private static final int MAX_SAID_BYTES = 1 << 13;
  private static final Duration LAST_WORDS = Duration.ofSeconds(30);

  private final String name;
  private final Process process;
  private final Thread hook;
  private final Thread listener;
  private final StringBuilder said = new StringBuilder();

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.hook = new Thread(process::destroy, "end " + name);
    this.listener = Thread.ofPlatform().daemon().name(name).unstarted(this::listen);
  }

  /// Starts a program.
  ///
  /// @param name what to call it
  /// @param command the program and its arguments
  /// @param environment all of it
  public static ChildProcess start(
      String name, List<String> command, Path directory, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    ChildProcess child;
    try {
      child = new ChildProcess(name, builder.start());
    } catch (IOException problem) {
      throw new SourceException(
          new SourceException.EngineFailed(name, Shown.text(String.valueOf(problem.getMessage()))));
    }
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

  /// Its last line, which is where programs say why.
  private synchronized String lastWords() {
    return said.toString()
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((_, line) -> line)
        .map(line -> Shown.text(line.strip()))
        .orElse("");
  }

  public OutputStream input() {
    return process.getOutputStream();
  }

  /// What it prints. Does not tell whether it has failed.
  public InputStream output() {
    return process.getInputStream();
  }

  /// What it prints; the read that reaches the end throws if it has failed. Closing it closes this.
  public InputStream checkedOutput() {
    return new CheckedOutput();
  }

  /// Waits for its end, which should be near.
  ///
  /// @return why it has failed; empty if it has not
  public Optional<SourceException> failure() throws IOException {
    try {
      if (!process.waitFor(LAST_WORDS.toSeconds(), TimeUnit.SECONDS)) {
        return Optional.of(failed("it does not end"));
      }
      listener.join(LAST_WORDS);
    } catch (InterruptedException interruption) {
      throw OtherThread.stopped(interruption);
    }
    int code = process.exitValue();
    if (code == 0) {
      return Optional.empty();
    }
    String words = lastWords();
    return Optional.of(failed(words.isEmpty() ? "exit code " + code : words));
  }

  public int exitCode() throws IOException {
    failure();
    return process.isAlive() ? -1 : process.exitValue();
  }

  private SourceException failed(String reason) {
    return new SourceException(new SourceException.EngineFailed(name, reason));
  }

  /// All it prints, when that is little and comes soon.
  ///
  /// @throws SourceException if it takes too long, or prints more
  public byte[] smallOutput(int maxBytes, Duration patience) throws IOException {
    Thread timer =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                Thread.sleep(patience);
                hear("no answer for %d seconds".formatted(patience.toSeconds()));
                process.destroyForcibly();
              } catch (InterruptedException inTime) {
                Thread.currentThread().interrupt();
              }
            });
    try {
      byte[] output = output().readNBytes(maxBytes + 1);
      if (output.length > maxBytes) {
        throw failed("it prints more than %d bytes".formatted(maxBytes));
      }
      return output;
    } finally {
      timer.interrupt();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(1, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interruption) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // It is running, or has run.
    }
  }

  private final class CheckedOutput extends BulkInputStream {
    @Override
    protected int readSome(byte[] target, int offset, int count) throws IOException {
      int read = output().read(target, offset, count);
      if (read < 0) {
        Optional<SourceException> failure = failure();
        if (failure.isPresent()) {
          throw failure.get();
        }
      }
      return read;
    }

    @Override
    public void close() {
      ChildProcess.this.close();
    }
  }
}
