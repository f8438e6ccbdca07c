package io.github.container2boot.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// QEMU, running a virtual machine. It ends when it is closed, and when we end.
public final class Emulator implements Closeable {
  private static final int MAX_SAID_BYTES = 8 << 10;
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final String program;
  private final Process process;
  private final Thread hook;
  private final Thread listener;
  private final StringBuilder said = new StringBuilder();

  private Emulator(String program, Process process) {
    this.program = program;
    this.process = process;
    this.hook = new Thread(() -> end(process), "end " + program);
    this.listener = Thread.ofPlatform().daemon().name(program).unstarted(this::listen);
  }

  /// Where `program` is, as a shell would find it.
  ///
  /// @param environment of the process
  public static Optional<Path> find(String program, Map<String, String> environment) {
    for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
      try {
        Path candidate = Path.of(directory.isEmpty() ? "." : directory, program);
        if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
          return Optional.of(candidate.toAbsolutePath());
        }
      } catch (InvalidPathException notADirectory) {
        // no shell finds anything there either
      }
    }
    return Optional.empty();
  }

  /// Switches a machine on.
  ///
  /// @param file the program that the machine's command names
  /// @param environment all of it
  public static Emulator start(Path file, VirtualMachine machine, Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>(machine.command());
    String program = command.set(0, file.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    switch (machine.screen()) {
      case VirtualMachine.Terminal _, VirtualMachine.Window _ ->
          builder.redirectInput(Redirect.INHERIT).redirectOutput(Redirect.INHERIT);
      case VirtualMachine.Watched _ -> {}
    }
    Emulator emulator = new Emulator(program, builder.start());
    emulator.listener.start();
    emulator.endWithUs();
    return emulator;
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

  /// Its last line on standard error that is not about something it can do without; empty if there
  /// is none.
  public synchronized String lastWords() {
    return said.toString()
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.contains("warning: "))
        .reduce((_, line) -> line)
        .orElse("");
  }

  /// What the machine's serial port says, if it is [watched][VirtualMachine.Watched].
  public InputStream console() {
    return process.getInputStream();
  }

  /// Waits until the machine is switched off.
  ///
  /// @throws RunException if QEMU has failed
  public void awaitEnd() throws InterruptedException, RunException {
    int exitCode = process.waitFor();
    listener.join(LAST_WORDS);
    if (exitCode != 0) {
      throw new RunException(new RunException.EmulatorFailed(program, exitCode, lastWords()));
    }
  }

  @Override
  public void close() {
    end(process);
    removeHook(hook);
  }

  /// Asks for its end first: only then is the terminal left as it was found.
  static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(LAST_WORDS.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interruption) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // It is running, or has run.
    }
  }
}
