package io.github.container2boot.source;

import io.github.container2boot.oci.SourceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// What a source may begin with.
final class Transport {
  /// A word and a colon; a path with a slash before its colon is a path.
  static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9-]*:");

  private Transport() {}

  /// `text` begins like a transport and is none of ours; a file of that name is a file all the
  /// same, and `machine:latest` an image.
  static Source unknown(String text, String transport) throws SourceException {
    Path path = Path.of(text);
    if (Files.exists(path) || BareName.isPossible(text)) {
      return new Source.FileOrDirectory(path);
    }
    throw new SourceException(new SourceException.UnknownTransport(transport, Source.TRANSPORTS));
  }
}
