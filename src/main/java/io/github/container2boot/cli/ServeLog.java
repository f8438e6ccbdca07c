package io.github.container2boot.cli;

import io.github.container2boot.serve.BootLog;
import io.github.container2boot.serve.MachineProgress;
import io.github.container2boot.serve.http.ClientRequest;
import java.io.PrintStream;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Says what a server does, one line for each boot, and for each request if that is wanted.
final class ServeLog implements BootLog {
  private final Console console;
  private final boolean requests;
  private final boolean debug;

  /// @param requests whether every request is worth a line
  /// @param debug whether defects are worth a stack trace
  ServeLog(Console console, boolean requests, boolean debug) {
    this.console = console;
    this.requests = requests;
    this.debug = debug;
  }

  @Override
  public void booted(MachineProgress boot) {
    Duration passed = Duration.between(boot.began(), boot.last());
    say(
        boot.isComplete()
            ? "%s: %s booted, %s of root, %s after its first request"
                .formatted(
                    boot.who(),
                    boot.image(),
                    ByteSize.shown(boot.rootBytes()),
                    Durations.shown(passed))
            : "%s: %s stopped at %s, %s of %s of root"
                .formatted(
                    boot.who(),
                    boot.image(),
                    boot.stage(),
                    ByteSize.shown(boot.rootBytes()),
                    ByteSize.shown(boot.rootSizeBytes())));
  }

  @Override
  public void answered(ClientRequest request, int status, long sentBytes, boolean complete) {
    if (requests) {
      say(
          "%s \"%s %s\" %d %d%s \"%s\""
              .formatted(
                  request.client().getAddress().getHostAddress(),
                  request.method(),
                  request.path(),
                  status,
                  sentBytes,
                  complete ? "" : " cut",
                  request.userAgent().orElse("-")));
    }
  }

  @Override
  public void transferred(InetAddress client, String path, String how) {
    if (requests) {
      say("%s TFTP \"%s\" %s".formatted(client.getHostAddress(), path, how));
    }
  }

  @Override
  public void failed(RuntimeException defect) {
    if (debug) {
      defect.printStackTrace(console.err());
    }
    say(Remedies.describe(defect));
  }

  /// A line with the time in front.
  void say(String line) {
    Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
    PrintStream out = console.out();
    synchronized (out) {
      out.println(now + " " + OneLine.of(line));
      out.flush();
    }
  }
}
