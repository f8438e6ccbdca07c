package io.github.container2boot.testing;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Debian's docker-registry on a free port of the loopback, its images in a directory.
public final class DockerRegistry implements Closeable {
  private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:[0-9]+)");

  /// Who may log in where a password is wanted.
  public static final String USER = "user";

  public static final String PASSWORD = "correct horse";

  /// The registry knows the password by its bcrypt hash.
  private static final String PASSWORD_LINE =
      USER + ":$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2\n";

  private final Process process;
  private final String host;

  private DockerRegistry(Process process, String host) {
    this.process = process;
    this.host = host;
  }

  /// How it is met.
  ///
  /// @param password whether it wants one
  /// @param certificate of its own and its key, in PEM, if it speaks TLS
  public record Manner(boolean password, Optional<Path> certificate) {
    public static Manner open() {
      return new Manner(false, Optional.empty());
    }
  }

  /// Starts one; `directory` is its own.
  public static DockerRegistry start(Path directory, Manner manner) throws IOException {
    Tools.require("docker-registry");
    Files.createDirectories(directory);
    Path configuration =
        Files.writeString(directory.resolve("config.yml"), configuration(directory, manner));
    Process process =
        new ProcessBuilder("docker-registry", "serve", configuration.toString())
            .redirectErrorStream(true)
            .start();
    return new DockerRegistry(process, listen(process));
  }

  private static String configuration(Path directory, Manner manner) throws IOException {
    StringBuilder text = new StringBuilder("version: 0.1\nlog:\n  level: info\n");
    text.append("storage:\n  filesystem:\n    rootdirectory: %s\n".formatted(directory));
    text.append("http:\n  addr: 127.0.0.1:0\n");
    manner
        .certificate()
        .ifPresent(file ->
            text.append("  tls:\n    certificate: %s\n    key: %s\n".formatted(file, keyOf(file))));
    if (manner.password()) {
      Path passwords = Files.writeString(directory.resolve("htpasswd"), PASSWORD_LINE);
      text.append("auth:\n  htpasswd:\n    realm: test\n    path: %s\n".formatted(passwords));
    }
    return text.toString();
  }

  /// Where the key of a certificate lies.
  public static Path keyOf(Path certificate) {
    return certificate.resolveSibling("registry.key");
  }

  /// It says which port it got; what it says later nobody reads, but it must be able to say it.
  private static String listen(Process process) throws IOException {
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder log = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      log.append(line).append('\n');
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
        return listening.group(1);
      }
    }
    throw new AssertionError("docker-registry did not start:\n" + log);
  }

  /// Its address, as images are named.
  public String host() {
    return host;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
