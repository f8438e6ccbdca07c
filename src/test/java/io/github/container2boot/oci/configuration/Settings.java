package io.github.container2boot.oci.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A user and a machine of which nothing is configured but what a test writes.
final class Settings {
  private final Path root;
  private final Map<String, String> environment = new HashMap<>();
  private Optional<Integer> user = Optional.of(1000);

  Settings(Path root) {
    this.root = root;
  }

  Settings variable(String name, Object value) {
    environment.put(name, value.toString());
    return this;
  }

  Settings superuser() {
    user = Optional.of(0);
    return this;
  }

  /// Writes the machine's `path`; the user's home is `home/user`.
  Settings file(String path, String content) throws IOException {
    Path file = path(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    return this;
  }

  /// Puts `docker-credential-NAME` into `PATH`.
  Settings program(String name, String script) throws IOException {
    String path = "programs/docker-credential-" + name;
    file(path, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(path(path), PosixFilePermissions.fromString("rwxr-xr-x"));
    return variable("PATH", path("programs") + ":/usr/bin:/bin");
  }

  Path path(String path) {
    return root.resolve(path);
  }

  Path home() {
    return path("home/user");
  }

  Map<String, String> environment() {
    return environment;
  }

  Places places() {
    return new Places(environment, home(), root, user);
  }
}
