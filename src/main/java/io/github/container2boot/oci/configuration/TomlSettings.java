package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/// The settings in a TOML file (toml.io, 1.0), or in a table of one. Messages name file and line.
/// The only class that knows tomlj.
final class TomlSettings {
  private final Path file;
  private final TomlTable table;
  private final @Nullable TomlPosition start;

  private TomlSettings(Path file, TomlTable table, @Nullable TomlPosition start) {
    this.file = file;
    this.table = table;
    this.start = start;
  }

  /// The settings in `bytes`, which messages call `file`.
  static TomlSettings parse(Path file, byte[] bytes) throws FormatException {
    return new TomlSettings(file, parsed(file, bytes), null);
  }

  private static TomlTable parsed(Path file, byte[] bytes) throws FormatException {
    TomlParseResult result;
    try {
      result =
          Toml.parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException _) {
      throw FormatException.malformed(ConfigurationFile.shown(file) + ": this is not UTF-8");
    } catch (StackOverflowError _) {
      // The parser descends as deep as tables and arrays are nested, and has no limit of its own.
      throw FormatException.malformed(ConfigurationFile.shown(file) + ": it is nested too deep");
    }
    for (TomlParseError error : result.errors()) {
      throw malformed(file, error.position(), Shown.text(String.valueOf(error.getMessage())));
    }
    return result;
  }

  Path file() {
    return file;
  }

  Set<String> keys() {
    return table.keySet();
  }

  boolean has(String key) {
    return value(key) != null;
  }

  /// Nothing is the same as an empty text.
  Optional<String> text(String key) throws FormatException {
    return switch (value(key)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text).filter(filled -> !filled.isEmpty());
      default -> throw malformed(key, "expected a string");
    };
  }

  /// A switch that is off if it is missing.
  boolean flag(String key) throws FormatException {
    return switch (value(key)) {
      case null -> false;
      case Boolean flag -> flag;
      default -> throw malformed(key, "expected true or false");
    };
  }

  Optional<List<String>> texts(String key) throws FormatException {
    Optional<TomlArray> array = array(key);
    if (array.isEmpty()) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    for (Object element : array.get().toList()) {
      if (!(element instanceof String text)) {
        throw malformed(key, "expected strings");
      }
      texts.add(text);
    }
    return Optional.of(List.copyOf(texts));
  }

  /// The tables `[[key]]`.
  List<TomlSettings> tables(String key) throws FormatException {
    List<TomlSettings> tables = new ArrayList<>();
    Optional<TomlArray> array = array(key);
    for (int i = 0; i < array.map(TomlArray::size).orElse(0); i++) {
      if (!(array.get().get(i) instanceof TomlTable inner)) {
        throw malformed(key, "expected tables, [[%s]]".formatted(key));
      }
      tables.add(new TomlSettings(file, inner, array.get().inputPositionOf(i)));
    }
    return tables;
  }

  private Optional<TomlArray> array(String key) throws FormatException {
    return switch (value(key)) {
      case null -> Optional.empty();
      case TomlArray array -> Optional.of(array);
      default -> throw malformed(key, "expected an array");
    };
  }

  /// The table `[key]`.
  Optional<TomlSettings> table(String key) throws FormatException {
    return switch (value(key)) {
      case null -> Optional.empty();
      case TomlTable inner ->
          Optional.of(new TomlSettings(file, inner, table.inputPositionOf(List.of(key))));
      default -> throw malformed(key, "expected a table");
    };
  }

  private @Nullable Object value(String key) {
    return table.get(List.of(key));
  }

  FormatException malformed(String key, FormatException problem) {
    return malformed(key, String.valueOf(problem.getMessage()));
  }

  /// What is wrong with the value of `key`, or that it is missing.
  FormatException malformed(String key, String problem) {
    TomlPosition position = table.inputPositionOf(List.of(key));
    return malformed(
        file, position == null ? start : position, "%s: %s".formatted(Shown.text(key), problem));
  }

  private static FormatException malformed(
      Path file, @Nullable TomlPosition position, String problem) {
    String line = position == null ? "" : ", line " + position.line();
    return FormatException.malformed(
        "%s%s: %s".formatted(ConfigurationFile.shown(file), line, problem));
  }
}
