package io.github.container2boot.cli;

import io.github.container2boot.source.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.ArgSpec;

/// What the value of an option or parameter can be, as far as a shell can know.
sealed interface ArgumentValues {
  /// One of these, or several of them with commas between.
  record Choices(List<String> words, boolean commas) implements ArgumentValues {}

  record Directory() implements ArgumentValues {}

  /// A file or directory, after one of these prefixes or none.
  record FileOrDirectory(List<String> prefixes) implements ArgumentValues {}

  record Anything() implements ArgumentValues {}

  static ArgumentValues of(ArgSpec argument) {
    if (argument.completionCandidates() != null) {
      List<String> words =
          StreamSupport.stream(argument.completionCandidates().spliterator(), false).toList();
      return new Choices(words, !argument.splitRegex().isEmpty());
    }
    return switch (argument.paramLabel()) {
      case "DIR" -> new Directory();
      case "SOURCE" -> new FileOrDirectory(Source.TRANSPORTS);
      default -> argument.type() == Path.class ? new FileOrDirectory(List.of()) : new Anything();
    };
  }
}
