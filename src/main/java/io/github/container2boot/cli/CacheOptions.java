package io.github.container2boot.cli;

import io.github.container2boot.build.CacheChoice;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Model.ArgGroupSpec;

/// Where a command that makes layer images keeps them.
final class CacheOptions {
  private final CacheLocation location = new CacheLocation();
  private final Option<Boolean> none =
      Option.flag("--no-cache").describe("Neither use nor keep layer images.");
  private final Option<OptionalLong> limitBytes =
      Option.of(new Converters.Bytes(), OptionalLong.empty(), "--cache-limit")
          .label("SIZE")
          .describe(
              "How large they may be together, with K, M, G or T. [a fifth of the disk, 20 GB at most]");

  ArgGroupSpec group() {
    return Commands.group("Layer cache", location.option(), none, limitBytes);
  }

  /// @param environment of the process
  CacheChoice choice(Map<String, String> environment) {
    Optional<Path> directory = location.in(environment);
    return none.value() || directory.isEmpty()
        ? new CacheChoice.None()
        : new CacheChoice.In(directory.get(), limitBytes.value());
  }
}
