package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import io.github.container2boot.oci.JsonDocument;
import io.github.container2boot.oci.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads small files that may not be there. What else is wrong with one is told in one line that
/// names it.
public final class ConfigurationFile {
  private static final int MAX_BYTES = JsonDocument.MAX_BYTES;

  private ConfigurationFile() {}

  /// The bytes of the file; empty if there is none.
  static Optional<byte[]> read(Path file) throws IOException {
    try {
      requireRegular(file);
      return Optional.of(content(file));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (FormatException problem) {
      throw problem;
    } catch (IOException problem) {
      throw unreadable(file, problem);
    }
  }

  /// The JSON object in the file; empty if there is no file. As there may be secrets in it, what is
  /// wrong is told without the parser's words, which quote.
  public static Optional<JsonObject> readObject(Path file) throws IOException {
    Optional<byte[]> document = read(file);
    return document.isEmpty() ? Optional.empty() : Optional.of(object(file, document.get()));
  }

  private static JsonObject object(Path file, byte[] document) throws FormatException {
    try {
      return JsonObject.parse(shown(file), document);
    } catch (FormatException problem) {
      throw FormatException.malformed(
          problem.offsetBytes(), shown(file) + ": expected a JSON object");
    }
  }

  /// Opening a pipe would wait for a writer, perhaps for ever.
  private static void requireRegular(Path file) throws IOException {
    if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
      throw FormatException.malformed(shown(file) + ": expected a regular file");
    }
  }

  private static byte[] content(Path file) throws IOException {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw FormatException.malformed(
            "%s: expected at most %d bytes".formatted(shown(file), MAX_BYTES));
      }
      return bytes;
    }
  }

  /// The entries of `directory` whose names end so, by name; none if it is not there.
  static List<Path> list(Path directory, String... suffixes) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory, file -> endsWithAny(file, suffixes))) {
      entries.forEach(files::add);
    } catch (NoSuchFileException | NotDirectoryException _) {
      return List.of();
    } catch (IOException problem) {
      throw unreadable(directory, problem);
    }
    files.sort(null);
    return files;
  }

  private static boolean endsWithAny(Path file, String... suffixes) {
    String name = String.valueOf(file.getFileName());
    for (String suffix : suffixes) {
      if (name.endsWith(suffix)) {
        return true;
      }
    }
    return suffixes.length == 0;
  }

  static IOException unreadable(Path file, IOException problem) {
    String why =
        problem instanceof AccessDeniedException
            ? "permission denied"
            : Shown.text(String.valueOf(problem.getMessage()));
    return new IOException("cannot read %s: %s".formatted(shown(file), why), problem);
  }

  static String shown(Path file) {
    return Shown.text(file.toString());
  }
}
