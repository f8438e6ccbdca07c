package io.github.container2boot.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The variable `PATH`, of which only absolute directories count: any other would run what lies in
/// whichever directory the user is in.
public final class SearchPath {
  private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));

  private SearchPath() {}

  /// Where `program` is.
  ///
  /// @param program a file's name
  /// @param environment whose `PATH` it is
  public static Optional<Path> find(String program, Map<String, String> environment) {
    for (String directory : SEPARATOR.split(environment.getOrDefault("PATH", ""), -1)) {
      try {
        Path candidate = Path.of(directory, program);
        if (candidate.isAbsolute()
            && Files.isRegularFile(candidate)
            && Files.isExecutable(candidate)) {
          return Optional.of(candidate);
        }
      } catch (InvalidPathException notADirectory) {
        // no shell finds anything there either
      }
    }
    return Optional.empty();
  }
}
