package io.github.container2boot.selinux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One line of file_contexts(5): `regular-expression [file-type] context`.
///
/// The expression is kept as text until a path comes near it: a policy has thousands, an image
/// needs a few hundred.
final class Specification {
  private static final String NONE = "<<none>>";

  /// libselinux's own bound, from 3.9 on.
  private static final int MAX_EXPRESSION_BYTES = 4095;

  private final PolicyFiles.Line line;
  private final PathPrefix prefix;
  private final String text;
  private final @Nullable FileType type;
  private final Optional<ByteString> label;

  /// Compiled when first needed; two threads may do so at once and get the same.
  private volatile @Nullable PathExpression expression;

  private Specification(
      PolicyFiles.Line line, String text, @Nullable FileType type, Optional<ByteString> label) {
    this.line = line;
    this.text = text;
    this.prefix = PathPrefix.of(text);
    this.type = type;
    this.label = label;
  }

  /// The specifications of a whole file, in its order.
  ///
  /// @throws FormatException if a line is one that libselinux refuses
  static List<Specification> readAll(List<PolicyFiles.Line> file) throws FormatException {
    List<Specification> specifications = new ArrayList<>();
    for (PolicyFiles.Line line : file) {
      List<String> fields = line.fields(3);
      if (!fields.isEmpty()) {
        specifications.add(readFrom(fields, line));
      }
    }
    return specifications;
  }

  private static Specification readFrom(List<String> fields, PolicyFiles.Line line)
      throws FormatException {
    requireAscii(fields, line);
    String text = fields.getFirst();
    return switch (fields.size()) {
      case 1 ->
          throw line.malformed(
              "found only \"%s\": expected a regular expression and a context"
                  .formatted(shown(text)));
      case 2 -> new Specification(line, text, null, labelOf(fields.get(1)));
      default -> new Specification(line, text, typeOf(fields.get(1), line), labelOf(fields.get(2)));
    };
  }

  private static void requireAscii(List<String> fields, PolicyFiles.Line line)
      throws FormatException {
    for (String field : fields) {
      if (!isAscii(field)) {
        throw line.malformed("expected ASCII only, found \"%s\"".formatted(shown(field)));
      }
    }
    if (fields.getFirst().length() > MAX_EXPRESSION_BYTES) {
      throw line.malformed(
          "regular expression of %d bytes: expected at most %d"
              .formatted(fields.getFirst().length(), MAX_EXPRESSION_BYTES));
    }
  }

  private static boolean isAscii(String text) {
    for (int index = 0; index < text.length(); index++) {
      if (text.charAt(index) > 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static FileType typeOf(String specifier, PolicyFiles.Line line) throws FormatException {
    return FileType.ofSpecifier(specifier)
        .orElseThrow(() ->
            line.malformed(
                "file type \"%s\": expected --, -d, -l, -c, -b, -s or -p"
                    .formatted(shown(specifier))));
  }

  private static Optional<ByteString> labelOf(String context) {
    return context.equals(NONE)
        ? Optional.empty()
        : Optional.of(ByteString.of((context + '\0').getBytes(ISO_8859_1)));
  }

  private static ByteString shown(String text) {
    return ByteString.of(text.getBytes(ISO_8859_1));
  }

  PathPrefix prefix() {
    return prefix;
  }

  /// The label as it is stored, empty for `<<none>>`.
  Optional<ByteString> label() {
    return label;
  }

  boolean admits(FileType found) {
    return type == null || type == found;
  }

  /// Whether the regular expression matches; the prefix has been compared already.
  ///
  /// @throws FormatException if it is not one, or takes too many steps
  boolean matches(String path, Scratch scratch) throws FormatException {
    try {
      return compiled().matches(path, scratch);
    } catch (FormatException problem) {
      throw line.because(problem);
    }
  }

  private PathExpression compiled() throws FormatException {
    PathExpression compiled = expression;
    if (compiled == null) {
      compiled = PathExpression.compile(text);
      expression = compiled;
    }
    return compiled;
  }
}
