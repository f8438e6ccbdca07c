package io.github.container2boot.selinux;

import io.github.container2boot.bytes.FormatException;
import java.util.ArrayList;
import java.util.List;

/// A `.subs` or `.subs_dist` file: paths that are labelled as if they lay elsewhere, `/usr/lib64
/// /usr/lib`. Of several lines that fit, the last is taken, not the longest.
///
/// @param lines the last line of the file first
record Substitutions(List<Substitution> lines) {
  /// Linux's PATH_MAX, without its NUL.
  private static final int MAX_PATH_BYTES = 4095;

  record Substitution(String source, String target) {
    /// Whether `path` is the source or lies below it.
    boolean fits(String path) {
      return path.startsWith(source)
          && (path.length() == source.length() || path.charAt(source.length()) == '/');
    }

    String apply(String path) {
      String below = path.substring(source.length());
      boolean doubled = target.equals("/") && !below.isEmpty();
      return doubled ? below : target + below;
    }
  }

  Substitutions {
    lines = List.copyOf(lines);
  }

  /// A line that lacks its second path is passed over, as libselinux does.
  ///
  /// @throws FormatException if a path is longer than Linux allows
  static Substitutions readFrom(List<PolicyFiles.Line> file) throws FormatException {
    List<Substitution> lines = new ArrayList<>();
    for (PolicyFiles.Line line : file) {
      List<String> fields = line.fields(2);
      if (fields.stream().anyMatch(field -> field.length() > MAX_PATH_BYTES)) {
        throw line.malformed("path longer than %d bytes".formatted(MAX_PATH_BYTES));
      }
      if (fields.size() == 2) {
        lines.add(new Substitution(fields.get(0), fields.get(1)));
      }
    }
    return new Substitutions(lines.reversed());
  }

  String apply(String path) {
    for (Substitution substitution : lines) {
      if (substitution.fits(path)) {
        return substitution.apply(path);
      }
    }
    return path;
  }
}
