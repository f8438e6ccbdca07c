package io.github.container2boot.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /// Empty if nobody said where and there is no home to put it in.
  ///
  /// @param environment of the process
  Optional<Path> in(Map<String, String> environment) {
    return chosen
        .value()
        .or(() ->
            absolute(environment.get("XDG_CACHE_HOME"))
                .or(() -> home(environment).map(home -> home.resolve(".cache")))
                .map(caches -> caches.resolve(Main.NAME)));
  }

  /// Java calls the home of a user without one `?`.
  private static Optional<Path> home(Map<String, String> environment) {
    return absolute(environment.get("HOME")).or(() -> absolute(System.getProperty("user.home")));
  }

  /// A relative $XDG_CACHE_HOME is to be ignored, the specification says.
  private static Optional<Path> absolute(@Nullable String path) {
    return Optional.ofNullable(path).map(Path::of).filter(Path::isAbsolute);
  }
}
