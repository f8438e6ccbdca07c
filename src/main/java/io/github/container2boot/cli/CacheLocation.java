package io.github.container2boot.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where the layer cache is, by the XDG Base Directory Specification unless the user says
/// otherwise.
final class CacheLocation {
  private final Option<Optional<Path>> chosen =
      Option.of(new Converters.Directory(), Optional.empty(), "--cache-dir")
          .label("DIR")
          .describe("Where layer images are kept. [$XDG_CACHE_HOME/container2boot]");

  Option<?> option() {
    return chosen;
  }

  /// @param environment of the process
  Path in(Map<String, String> environment) {
    return chosen.value().orElseGet(() -> home(environment).resolve(Main.NAME));
  }

  /// A relative $XDG_CACHE_HOME is to be ignored, the specification says.
  private static Path home(Map<String, String> environment) {
    Path given = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    return given.isAbsolute() ? given : user(environment).resolve(".cache");
  }

  private static Path user(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
  }
}
