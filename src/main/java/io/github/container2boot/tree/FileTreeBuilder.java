package io.github.container2boot.tree;

import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Builds a [FileTree] path by path.
///
/// Directories on the way that nobody has put get `defaultAttributes`. Putting a directory over a
/// directory changes its attributes and adds the entries it brings; putting anything else replaces
/// what was there, with everything below it.
public final class FileTreeBuilder {
  private final Attributes defaultAttributes;
  private final Node root;

  public FileTreeBuilder(Attributes defaultAttributes) {
    this.defaultAttributes = defaultAttributes;
    this.root = new Node(Directory.empty(defaultAttributes));
  }

  /// A builder that begins with everything `tree` has.
  public static FileTreeBuilder of(FileTree tree, Attributes defaultAttributes) {
    FileTreeBuilder builder = new FileTreeBuilder(defaultAttributes);
    builder.put(TreePath.root(), tree.root());
    return builder;
  }

  public FileTreeBuilder put(String path, Inode inode) {
    return put(TreePath.of(path), inode);
  }

  /// Puts `inode` at `path`.
  ///
  /// @throws IllegalArgumentException if the root would become something other than a directory
  public FileTreeBuilder put(TreePath path, Inode inode) {
    if (path.isRoot() && !(inode instanceof Directory)) {
      throw new IllegalArgumentException("the root of a tree is a directory");
    }
    Node node = root;
    for (FileName name : path.names()) {
      node.becomeDirectory(defaultAttributes);
      node = node.entries.computeIfAbsent(name, _ -> new Node(Directory.empty(defaultAttributes)));
    }
    node.put(inode);
    return this;
  }

  /// Takes what is at `path` away, with everything below it. Nothing there: nothing happens.
  public FileTreeBuilder remove(TreePath path) {
    Node parent = nodeOrNull(path.parent());
    if (parent != null) {
      parent.entries.remove(path.name());
    }
    return this;
  }

  /// What is at `path`: a directory comes without its entries.
  public @Nullable Inode get(TreePath path) {
    Node node = nodeOrNull(path);
    return node == null ? null : node.inode;
  }

  private @Nullable Node nodeOrNull(TreePath path) {
    Node node = root;
    for (FileName name : path.names()) {
      Node next = node.entries.get(name);
      if (next == null) {
        return null;
      }
      node = next;
    }
    return node;
  }

  public FileTree build() {
    return new FileTree((Directory) root.build());
  }

  /// A directory's entries live here while it is being built; its inode then has none.
  private static final class Node {
    private Inode inode;
    private final NavigableMap<FileName, Node> entries = new TreeMap<>();

    Node(Inode inode) {
      this.inode = inode;
    }

    void becomeDirectory(Attributes attributes) {
      if (!(inode instanceof Directory)) {
        inode = Directory.empty(attributes);
      }
    }

    void put(Inode replacement) {
      if (replacement instanceof Directory directory) {
        inode = Directory.empty(directory.attributes());
        directory
            .entries()
            .forEach(
                (name, child) -> entries.computeIfAbsent(name, _ -> new Node(child)).put(child));
      } else {
        inode = replacement;
        entries.clear();
      }
    }

    Inode build() {
      if (!(inode instanceof Directory directory)) {
        return inode;
      }
      NavigableMap<FileName, Inode> built = new TreeMap<>();
      entries.forEach((name, node) -> built.put(name, node.build()));
      return directory.withEntries(built);
    }
  }
}
