package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import io.github.container2boot.oci.JsonDocument;
import io.github.container2boot.process.SearchPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// A program that keeps secrets, `docker-credential-NAME` (docker-credential-helpers): `get` reads
/// the registry's name from standard input and answers with `{"ServerURL": …, "Username": …,
/// "Secret": …}`.
///
/// The one program that is started for a registry, and only where the user has named it. What it
/// writes to standard output is a secret even when it fails; its standard error is quoted.
///
/// @param name what follows `docker-credential-`
/// @param environment the program's; `PATH` leads to it
/// @param patience how long to wait for an answer: it may ask the user to unlock a wallet
record CredentialProgram(String name, Map<String, String> environment, Duration patience) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final int MAX_BYTES = 1 << 20;

  /// What programs answer when they know nothing; with exit code 1.
  private static final Set<String> NOTHING =
      Set.of(
          "credentials not found in native keychain",
          "no credentials server URL",
          "no credentials username");

  CredentialProgram(String name, Map<String, String> environment) {
    this(name, environment, Duration.ofMinutes(1));
  }

  /// What the program knows about `server`.
  Optional<Credentials> find(String server) throws IOException {
    Process process = start();
    try {
      CompletableFuture<byte[]> output = reading(process.getInputStream());
      CompletableFuture<byte[]> complaints = reading(process.getErrorStream());
      tell(process, server);
      return answer(server, finish(process, output, complaints));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start() throws IOException {
    ProcessBuilder program = new ProcessBuilder(List.of(executable().toString(), "get"));
    program.environment().clear();
    program.environment().putAll(environment);
    try {
      return program.start();
    } catch (IOException problem) {
      throw new IOException("cannot run credential helper " + program(), problem);
    }
  }

  private String program() {
    return "docker-credential-" + Shown.text(name);
  }

  private Path executable() throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw FormatException.malformed(
          "\"%s\" is no name of a credential helper: expected what follows docker-credential-"
              .formatted(Shown.text(name)));
    }
    return SearchPath.find(program(), environment)
        .or(() -> SearchPath.find(program() + ".exe", environment))
        .orElseThrow(() ->
            new IOException(
                "credential helper %s: not found in PATH: install it, or take it out of the configuration"
                    .formatted(program())));
  }

  private static CompletableFuture<byte[]> reading(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return stream.readNBytes(MAX_BYTES);
          } catch (IOException problem) {
            throw new UncheckedIOException(problem);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static void tell(Process process, String server) {
    try (OutputStream input = process.getOutputStream()) {
      input.write(server.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // It has ended without asking; its exit code tells.
    }
  }

  /// What a program that has ended has said.
  private record Outcome(int exitCode, String output, String complaints) {}

  private Outcome finish(
      Process process, CompletableFuture<byte[]> output, CompletableFuture<byte[]> complaints)
      throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      if (!process.waitFor(patience)) {
        throw new TimeoutException();
      }
      String written = utf8(output.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
      String complained = utf8(complaints.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
      return new Outcome(process.exitValue(), written, complained);
    } catch (TimeoutException problem) {
      throw new IOException(
          "credential helper %s: no answer within %d s".formatted(program(), patience.toSeconds()),
          problem);
    } catch (ExecutionException problem) {
      throw new IOException(
          "credential helper %s: its answer broke off".formatted(program()), problem);
    } catch (InterruptedException problem) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("credential helper " + program());
    }
  }

  private Optional<Credentials> answer(String server, Outcome outcome) throws IOException {
    if (outcome.exitCode != 0) {
      if (NOTHING.contains(outcome.output)) {
        return Optional.empty();
      }
      throw new IOException(
          "credential helper %s for %s: %s"
              .formatted(program(), Shown.text(server), complaint(outcome)));
    }
    Optional<String> user = text(outcome.output, "Username");
    Optional<String> secret = text(outcome.output, "Secret");
    return secret.map(known -> Credentials.of(user.orElse(""), known));
  }

  private static String complaint(Outcome outcome) {
    return outcome.complaints.isEmpty()
        ? "it failed with exit code " + outcome.exitCode
        : Shown.text(outcome.complaints);
  }

  private Optional<String> text(String answer, String key) throws FormatException {
    if (parsed(answer) instanceof Map<?, ?> object) {
      return object.get(key) instanceof String text && !text.isEmpty()
          ? Optional.of(text)
          : Optional.empty();
    }
    throw unexpected();
  }

  /// Without the parser's words, which quote.
  private Object parsed(String answer) throws FormatException {
    try {
      return JsonDocument.parse(name, answer.getBytes(StandardCharsets.UTF_8));
    } catch (FormatException _) {
      throw unexpected();
    }
  }

  private FormatException unexpected() {
    return FormatException.malformed(
        "credential helper %s: expected a JSON object as its answer".formatted(program()));
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }
}
