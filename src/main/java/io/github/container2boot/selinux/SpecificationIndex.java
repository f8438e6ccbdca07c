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

  /// The specification that decides `path`, its bytes as ISO-8859-1.
  Optional<Specification> find(String path, FileType type) throws FormatException {
    for (Specification specification : exact.getOrDefault(path, List.of())) {
      if (specification.admits(type)) {
        return Optional.of(specification);
      }
    }
    Ranked found = lastMatch(path, type);
    return Optional.ofNullable(found).map(Ranked::specification);
  }

  private @Nullable Ranked lastMatch(String path, FileType type) throws FormatException {
    Scratch scratch = Scratch.forPath(path.length());
    Ranked best = null;
    for (Node node : nodesAlong(path).reversed()) {
      for (Ranked ranked : node.ranked) {
        if (best != null && ranked.rank < best.rank) {
          break;
        }
        if (ranked.fits(path, type, scratch)) {
          best = ranked;
          break;
        }
      }
    }
    return best;
  }

  /// The nodes of the directories that `path` lies in, the root first.
  private List<Node> nodesAlong(String path) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(root);
    int begin = 0;
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', begin)) {
      Node node = nodes.getLast().children.get(path.substring(begin, slash));
      if (node == null) {
        break;
      }
      nodes.add(node);
      begin = slash + 1;
    }
    return nodes;
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
