package io.github.container2boot.run;

import io.github.container2boot.process.ChildProcess;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// QEMU, running a virtual machine. It ends when it is closed, and when we end.
public final class Emulator implements Closeable {
  private static final Duration TO_END = Duration.ofSeconds(5);

  private final String program;
  private final ChildProcess process;

  private Emulator(String program, ChildProcess process) {
    this.program = program;
    this.process = process;
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
    return new Emulator(program, ChildProcess.start(program, builder, TO_END));
  }

  /// Its last line on standard error that is not about something it can do without; empty if there
  /// is none.
  public String lastWords() {
    return process.complaints().stream()
        .filter(line -> !line.contains("warning: "))
        .reduce((_, line) -> line)
        .orElse("");
  }

  /// What the machine's serial port says, if it is [watched][VirtualMachine.Watched].
  public InputStream console() {
    return process.output();
  }

  /// Waits until the machine is switched off.
  ///
  /// @throws RunException if QEMU has failed
  public void awaitEnd() throws InterruptedException, RunException {
    int exitCode = process.awaitEnd();
    if (exitCode != 0) {
      throw new RunException(new RunException.EmulatorFailed(program, exitCode, lastWords()));
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
