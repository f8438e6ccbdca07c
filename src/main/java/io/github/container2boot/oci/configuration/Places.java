package io.github.container2boot.oci.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where users and machines keep their settings (XDG base directory specification, hier(7)).
///
/// @param environment what variables say; an empty one says nothing
/// @param home the user's directory
/// @param root the machine's; `/` but in tests
/// @param user the number the kernel knows the user by, where it has one
public record Places(
    Map<String, String> environment, Path home, Path root, Optional<Integer> user) {
  /// Those of whose environment this is, on this machine.
  public static Places of(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", "");
    return new Places(
        environment,
        Path.of(home.isEmpty() ? System.getProperty("user.home") : home),
        Path.of("/"),
        kernelsUser());
  }

  private static Optional<Integer> kernelsUser() {
    try {
      return Optional.of((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private Optional<Path> directory(String variable) {
    return variable(variable).map(Path::of);
  }

  /// `~/.config`.
  Path configuration() {
    return directory("XDG_CONFIG_HOME").orElse(home.resolve(".config"));
  }

  /// `~/.cache`.
  Path cache() {
    return directory("XDG_CACHE_HOME").orElse(home.resolve(".cache"));
  }

  /// Where logins last until the machine goes down.
  Optional<Path> runtime() {
    return directory("XDG_RUNTIME_DIR")
        .map(directory -> directory.resolve("containers"))
        .or(() -> user.map(number -> machine("run/containers").resolve(number.toString())));
  }

  /// `~/.docker`, where docker's client keeps its settings and podman's looks too.
  public Path docker() {
    return directory("DOCKER_CONFIG").orElse(home.resolve(".docker"));
  }

  /// The machine's `path`.
  Path machine(String path) {
    return root.resolve(path);
  }

  public boolean isSuperuser() {
    return user.filter(number -> number == 0).isPresent();
  }
}
