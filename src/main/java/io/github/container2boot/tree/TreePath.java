package io.github.container2boot.tree;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import java.util.ArrayList;
import java.util.List;

/// A path from the root of a tree: the names to follow, none for the root itself.
public record TreePath(List<FileName> names) implements Comparable<TreePath> {
  /// The longest path Linux takes, in bytes (PATH_MAX).
  public static final int MAX_BYTES = 4096;

  /// How deep an archive may nest directories: far deeper than anybody does, and not so deep that
  /// following a tree down could exhaust a thread's stack.
  public static final int MAX_DEPTH = 512;

  private static final TreePath ROOT = new TreePath(List.of());
  private static final ByteString DOT = ByteString.utf8(".");
  private static final ByteString DOT_DOT = ByteString.utf8("..");

  public TreePath {
    names = List.copyOf(names);
  }

  public static TreePath root() {
    return ROOT;
  }

  /// The path written in `text`, which this program or its user wrote.
  ///
  /// @throws IllegalArgumentException if a component cannot be a file name
  public static TreePath of(String text) {
    try {
      return parse(ByteString.utf8(text));
    } catch (FormatException problem) {
      throw new IllegalArgumentException(problem.getMessage(), problem);
    }
  }

  /// The path in `bytes`, as archives write it: leading, trailing and doubled slashes and `.`
  /// components mean nothing.
  ///
  /// @throws FormatException if there is a `..` component, a NUL, a path or name longer than Linux
  ///   allows, or more than [#MAX_DEPTH] names
  public static TreePath parse(ByteString bytes) throws FormatException {
    if (bytes.size() > MAX_BYTES) {
      throw FormatException.malformed(
          "path of %d bytes: expected at most %d".formatted(bytes.size(), MAX_BYTES));
    }
    List<FileName> names = new ArrayList<>();
    for (ByteString component : components(bytes)) {
      if (component.isEmpty() || component.equals(DOT)) {
        continue;
      }
      if (component.equals(DOT_DOT)) {
        throw FormatException.malformed("path \"" + bytes + "\" has a .. component");
      }
      String problem = FileName.problem(component);
      if (!problem.isEmpty()) {
        throw FormatException.malformed("path \"" + bytes + "\" has a name that " + problem);
      }
      names.add(new FileName(component));
    }
    if (names.size() > MAX_DEPTH) {
      throw FormatException.malformed(
          "path of %d names: expected at most %d".formatted(names.size(), MAX_DEPTH));
    }
    return new TreePath(names);
  }

  /// What lies between the slashes of `bytes`, empty components, `.` and `..` included: the target
  /// of a symbolic link, to be followed step by step.
  public static List<ByteString> components(ByteString bytes) {
    List<ByteString> components = new ArrayList<>();
    int begin = 0;
    for (int slash = bytes.indexOf((byte) '/', 0);
        slash >= 0;
        slash = bytes.indexOf((byte) '/', begin)) {
      components.add(bytes.substring(begin, slash));
      begin = slash + 1;
    }
    components.add(bytes.substring(begin));
    return components;
  }

  public boolean isRoot() {
    return names.isEmpty();
  }

  public int depth() {
    return names.size();
  }

  /// The last name; the root has none.
  public FileName name() {
    return names.getLast();
  }

  /// The path of the directory this lies in; the root has none.
  public TreePath parent() {
    return new TreePath(names.subList(0, names.size() - 1));
  }

  public TreePath child(FileName name) {
    List<FileName> longer = new ArrayList<>(names.size() + 1);
    longer.addAll(names);
    longer.add(name);
    return new TreePath(longer);
  }

  /// This path and then `below`.
  public TreePath join(TreePath below) {
    List<FileName> longer = new ArrayList<>(names);
    longer.addAll(below.names);
    return new TreePath(longer);
  }

  public TreePath child(String name) {
    return child(FileName.of(name));
  }

  /// `/` and the names, as bytes: what a file system or a policy calls this path.
  public ByteString toByteString() {
    if (isRoot()) {
      return ByteString.utf8("/");
    }
    int size = names.stream().mapToInt(name -> name.bytes().size() + 1).sum();
    byte[] bytes = new byte[size];
    int position = 0;
    for (FileName name : names) {
      bytes[position++] = '/';
      name.bytes().asByteBuffer().get(bytes, position, name.bytes().size());
      position += name.bytes().size();
    }
    return ByteString.of(bytes);
  }

  /// By name, a directory before what it holds.
  @Override
  public int compareTo(TreePath other) {
    int common = Math.min(depth(), other.depth());
    for (int index = 0; index < common; index++) {
      int order = names.get(index).compareTo(other.names.get(index));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(depth(), other.depth());
  }

  /// The path for people: absolute, see [ByteString#toString].
  @Override
  public String toString() {
    return toByteString().toString();
  }
}
