package io.github.container2boot.selinux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The files below /etc/selinux, read as libselinux reads them. Symbolic links are followed inside
/// the tree.
final class PolicyFiles {
  static final TreePath ROOT = TreePath.of("/etc/selinux");

  /// Far more than any policy has: Fedora's file_contexts has half a megabyte.
  private static final long MAX_FILE_BYTES = 16 << 20;

  private static final String TYPE_KEY = "SELINUXTYPE=";

  private final FileTree tree;

  PolicyFiles(FileTree tree) {
    this.tree = tree;
  }

  /// The policies to look for, in this order.
  List<FileName> candidateTypes() throws IOException {
    return configuredType()
        .map(List::of)
        .orElse(List.of(FileName.of("targeted"), FileName.of("default")));
  }

  /// What SELINUXTYPE says, selinux_config(5): the last line counts, the key in any case.
  private Optional<FileName> configuredType() throws IOException {
    Optional<FileName> type = Optional.empty();
    for (Line line : lines(ROOT.child("config"))) {
      String text = line.text().strip();
      if (text.regionMatches(true, 0, TYPE_KEY, 0, TYPE_KEY.length())) {
        String value = text.substring(TYPE_KEY.length()).strip();
        type = value.isEmpty() ? Optional.empty() : Optional.of(policyName(value, line));
      }
    }
    return type;
  }

  private static FileName policyName(String value, Line line) throws FormatException {
    ByteString bytes = ByteString.of(value.getBytes(ISO_8859_1));
    String problem = FileName.problem(bytes);
    if (!problem.isEmpty()) {
      throw line.malformed(
          "SELINUXTYPE is \"%s\", which %s: expected the name of a directory in %s"
              .formatted(bytes, problem, ROOT));
    }
    return new FileName(bytes);
  }

  boolean has(TreePath path) {
    return tree.follow(path).filter(RegularFile.class::isInstance).isPresent();
  }

  /// The lines of the file at `path`; none if there is no such file.
  List<Line> lines(TreePath path) throws IOException {
    if (!(tree.follow(path).orElse(null) instanceof RegularFile file)) {
      return List.of();
    }
    if (file.content().sizeBytes() > MAX_FILE_BYTES) {
      throw FormatException.unsupported(
          "%s has %d bytes: expected at most %d"
              .formatted(path, file.content().sizeBytes(), MAX_FILE_BYTES));
    }
    return lines(path, new String(file.content().toByteArray(), ISO_8859_1));
  }

  private static List<Line> lines(TreePath path, String text) {
    List<Line> lines = new ArrayList<>();
    for (int begin = 0; begin < text.length(); ) {
      int newline = text.indexOf('\n', begin);
      int end = newline < 0 ? text.length() : newline;
      lines.add(Line.of(path, lines.size() + 1, begin, text.substring(begin, end)));
      begin = end + 1;
    }
    return lines;
  }

  /// One line of a file, its bytes as ISO-8859-1.
  ///
  /// @param file where it stands
  /// @param number counted from 1
  /// @param offsetBytes where it begins
  record Line(TreePath file, int number, long offsetBytes, String text) {
    /// libselinux reads lines as C strings: a NUL ends them.
    static Line of(TreePath file, int number, long offsetBytes, String bytes) {
      int nul = bytes.indexOf('\0');
      return new Line(file, number, offsetBytes, nul < 0 ? bytes : bytes.substring(0, nul));
    }

    /// What stands between the white space, the first `limit` of them; nothing if this is a
    /// comment.
    List<String> fields(int limit) {
      List<String> fields = new ArrayList<>();
      for (int begin = skip(0, true); begin < text.length() && fields.size() < limit; ) {
        int end = skip(begin, false);
        fields.add(text.substring(begin, end));
        begin = skip(end, true);
      }
      return !fields.isEmpty() && fields.getFirst().startsWith("#") ? List.of() : fields;
    }

    private int skip(int from, boolean space) {
      int index = from;
      while (index < text.length() && isSpace(text.charAt(index)) == space) {
        index++;
      }
      return index;
    }

    /// isspace(3) in the C locale.
    private static boolean isSpace(char character) {
      return character == ' ' || (character >= '\t' && character <= '\r');
    }

    FormatException malformed(String problem) {
      return FormatException.malformed(offsetBytes, place() + problem);
    }

    FormatException because(FormatException problem) {
      return problem.in(place().substring(0, place().length() - 2));
    }

    private String place() {
      return "%s line %d: ".formatted(file, number);
    }
  }
}
