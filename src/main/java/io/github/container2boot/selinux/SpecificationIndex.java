package io.github.container2boot.selinux;

import io.github.container2boot.bytes.FormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the specification that decides a path among thousands.
///
/// Exact ones lie in a table by path. The others hang in a tree of directories, each under the last
/// directory that it names in full, so that a path meets only those whose beginning it may have.
final class SpecificationIndex {
  private final Map<String, List<Specification>> exact;
  private final Node root;

  private SpecificationIndex(Map<String, List<Specification>> exact, Node root) {
    this.exact = exact;
    this.root = root;
  }

  /// @param specifications in the order in which libselinux reads them
  static SpecificationIndex of(List<Specification> specifications) {
    Map<String, List<Specification>> exact = new HashMap<>();
    Node root = new Node();
    for (int rank = specifications.size() - 1; rank >= 0; rank--) {
      Specification specification = specifications.get(rank);
      PathPrefix prefix = specification.prefix();
      if (prefix.exact()) {
        exact.computeIfAbsent(prefix.text(), _ -> new ArrayList<>()).add(specification);
      } else {
        root.below(prefix).ranked.add(new Ranked(rank, specification));
      }
    }
    return new SpecificationIndex(exact, root);
  }

  /// What there is for paths in the directory that `path` lies in.
  InDirectory directoryOf(String path) {
    InDirectory directory = new InDirectory("", root, root.ranked);
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      directory = directory.below(path.substring(0, slash));
    }
    return directory;
  }

  /// The specifications that paths directly in one directory may have.
  final class InDirectory {
    /// With its final slash.
    private final String directory;

    /// Where specifications for what is below hang; none if there are none.
    private final @Nullable Node node;

    /// From the last to the first. Those of directories further up begin as this one does.
    private final List<Ranked> ranked;

    private InDirectory(String directory, @Nullable Node node, List<Ranked> ranked) {
      this.directory = directory;
      this.node = node;
      this.ranked = ranked;
    }

    /// Whether `path` lies directly in here.
    boolean holds(String path) {
      return path.lastIndexOf('/') + 1 == directory.length() && path.startsWith(directory);
    }

    /// What there is for paths in the directory `path`, which lies directly in here, or is here if
    /// it ends with a slash.
    InDirectory below(String path) {
      String name = path.substring(directory.length());
      if (name.isEmpty() && path.endsWith("/")) {
        return this;
      }
      Node child = node == null ? null : node.children.get(name);
      String below = path + '/';
      return new InDirectory(below, child, merged(fitting(below), rankedOf(child)));
    }

    private static List<Ranked> rankedOf(@Nullable Node node) {
      return node == null ? List.of() : node.ranked;
    }

    private List<Ranked> fitting(String below) {
      List<Ranked> fitting = new ArrayList<>(ranked.size());
      for (Ranked each : ranked) {
        if (below.startsWith(each.specification.prefix().text())) {
          fitting.add(each);
        }
      }
      return fitting.size() == ranked.size() ? ranked : fitting;
    }

    /// The specification that decides `path`, which lies directly in here, its bytes as ISO-8859-1.
    Optional<Specification> find(String path, FileType type) throws FormatException {
      for (Specification specification : exact.getOrDefault(path, List.of())) {
        if (specification.admits(type)) {
          return Optional.of(specification);
        }
      }
      Scratch scratch = Scratch.forPath(path.length());
      for (Ranked each : ranked) {
        if (each.fits(path, type, scratch)) {
          return Optional.of(each.specification);
        }
      }
      return Optional.empty();
    }
  }

  /// Both lists in one, from the highest rank to the lowest.
  private static List<Ranked> merged(List<Ranked> some, List<Ranked> others) {
    if (others.isEmpty()) {
      return some;
    }
    List<Ranked> merged = new ArrayList<>(some.size() + others.size());
    int next = 0;
    for (Ranked each : some) {
      while (next < others.size() && others.get(next).rank > each.rank) {
        merged.add(others.get(next++));
      }
      merged.add(each);
    }
    merged.addAll(others.subList(next, others.size()));
    return merged;
  }

  /// @param rank a later line has a higher one
  private record Ranked(int rank, Specification specification) {
    boolean fits(String path, FileType type, Scratch scratch) throws FormatException {
      return specification.admits(type)
          && path.startsWith(specification.prefix().text())
          && specification.matches(path, scratch);
    }
  }

  /// A directory, its specifications from the last to the first.
  private static final class Node {
    private final Map<String, Node> children = new HashMap<>();
    private final List<Ranked> ranked = new ArrayList<>();

    Node below(PathPrefix prefix) {
      Node node = this;
      String directories = prefix.text().substring(0, prefix.directoriesEnd());
      int begin = 0;
      for (int slash = directories.indexOf('/');
          slash >= 0;
          slash = directories.indexOf('/', begin)) {
        node = node.children.computeIfAbsent(directories.substring(begin, slash), _ -> new Node());
        begin = slash + 1;
      }
      return node;
    }
  }
}
