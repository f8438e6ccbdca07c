package io.github.container2boot.oci.engine;

import io.github.container2boot.bytes.BulkInputStream;
import io.github.container2boot.bytes.Shown;
import io.github.container2boot.oci.OtherThread;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.process.ChildProcess;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/// A run of an engine's program. If it fails, what it said last on standard error is the reason.
public final class EngineProgram implements Closeable {
  private static final Duration TO_END = Duration.ofSeconds(1);
  private static final Duration LAST_WORDS = Duration.ofSeconds(30);

  private final String name;
  private final ChildProcess process;

  private EngineProgram(String name, ChildProcess process) {
    this.name = name;
    this.process = process;
  }

  /// Starts a program.
  ///
  /// @param name what to call it
  /// @param command the program and its arguments
  /// @param environment all of it
  /// @throws SourceException if it cannot be started
  public static EngineProgram start(
      String name, List<String> command, Path directory, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      return new EngineProgram(name, ChildProcess.start(name, builder, TO_END));
    } catch (IOException problem) {
      throw new SourceException(
          new SourceException.EngineFailed(name, Shown.text(String.valueOf(problem.getMessage()))),
          problem);
    }
  }

  public OutputStream input() {
    return process.input();
  }

  /// What it prints. Does not tell whether it has failed.
  public InputStream output() {
    return process.output();
  }

  /// What it prints; the read that reaches the end throws if it has failed. Closing it closes this.
  public InputStream checkedOutput() {
    return new CheckedOutput();
  }

  /// Waits for its end, which should be near.
  ///
  /// @return why it has failed; empty if it has not
  public Optional<SourceException> failure() throws IOException {
    OptionalInt exitCode = exitCode();
    if (exitCode.isEmpty()) {
      return Optional.of(failed("it does not end"));
    }
    if (exitCode.getAsInt() == 0) {
      return Optional.empty();
    }
    List<String> complaints = process.complaints();
    return Optional.of(
        failed(
            complaints.isEmpty()
                ? "exit code " + exitCode.getAsInt()
                : Shown.text(complaints.getLast())));
  }

  /// Waits for its end, which should be near; empty if it does not come.
  public OptionalInt exitCode() throws IOException {
    try {
      return process.awaitEnd(LAST_WORDS);
    } catch (InterruptedException interruption) {
      throw OtherThread.stopped(interruption);
    }
  }

  private SourceException failed(String reason) {
    return new SourceException(new SourceException.EngineFailed(name, reason));
  }

  /// All it prints, when that is little and comes soon.
  ///
  /// @throws SourceException if it takes too long, or prints more
  public byte[] smallOutput(int maxBytes, Duration patience) throws IOException {
    AtomicBoolean late = new AtomicBoolean();
    Thread timer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Thread.sleep(patience);
                late.set(true);
                process.kill();
              } catch (InterruptedException inTime) {
                // It is no longer waited for.
              }
            });
    byte[] output;
    try {
      output = output().readNBytes(maxBytes + 1);
    } finally {
      timer.interrupt();
    }
    if (late.get()) {
      throw failed("no answer for %d seconds".formatted(patience.toSeconds()));
    }
    if (output.length > maxBytes) {
      throw failed("it prints more than %d bytes".formatted(maxBytes));
    }
    return output;
  }

  @Override
  public void close() {
    process.close();
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
      EngineProgram.this.close();
    }
  }
}
