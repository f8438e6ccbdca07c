package io.github.container2boot.tree;

import io.github.container2boot.bytes.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A root directory and everything below it.
public record FileTree(Directory root) {
  /// The kernel's own limit, path_resolution(7).
  private static final int MAX_SYMBOLIC_LINKS = 40;

  /// About as many as a distribution's root has: maps that begin this large seldom grow.
  public static final int USUAL_INODES = 20_000;

  private static final ByteString DOT = ByteString.utf8(".");
  private static final ByteString DOT_DOT = ByteString.utf8("..");

  /// What lies at `path`; no symbolic link is followed.
  public Optional<Inode> find(TreePath path) {
    Inode inode = root;
    for (FileName name : path.names()) {
      if (!(inode instanceof Directory directory)) {
        return Optional.empty();
      }
      Inode next = directory.get(name);
      if (next == null) {
        return Optional.empty();
      }
      inode = next;
    }
    return Optional.of(inode);
  }

  public Optional<Inode> find(String path) {
    return find(TreePath.of(path));
  }

  /// Where `path` leads with every symbolic link followed, as a process with this tree as its root
  /// would see it: `..` never leaves the root. Empty if nothing is there or the links go in
  /// circles.
  public Optional<TreePath> resolve(TreePath path) {
    Deque<ByteString> ahead = new ArrayDeque<>();
    path.names().forEach(name -> ahead.addLast(name.bytes()));
    List<FileName> names = new ArrayList<>();
    List<Inode> inodes = new ArrayList<>(List.of(root));
    int linksLeft = MAX_SYMBOLIC_LINKS;
    while (!ahead.isEmpty()) {
      ByteString component = ahead.removeFirst();
      if (component.isEmpty() || component.equals(DOT)) {
        continue;
      }
      if (component.equals(DOT_DOT)) {
        if (!names.isEmpty()) {
          names.removeLast();
          inodes.removeLast();
        }
        continue;
      }
      Inode next = childOrNull(inodes.getLast(), component);
      if (next == null) {
        return Optional.empty();
      }
      if (next instanceof SymbolicLink link) {
        if (linksLeft-- == 0) {
          return Optional.empty();
        }
        List<ByteString> target = TreePath.components(link.target());
        if (link.target().startsWith(ByteString.utf8("/"))) {
          names.clear();
          inodes.subList(1, inodes.size()).clear();
        }
        target.reversed().forEach(ahead::addFirst);
        continue;
      }
      names.add(new FileName(component));
      inodes.add(next);
    }
    return Optional.of(new TreePath(names));
  }

  /// What `path` leads to with every symbolic link followed.
  public Optional<Inode> follow(TreePath path) {
    return resolve(path).flatMap(this::find);
  }

  public Optional<Inode> follow(String path) {
    return follow(TreePath.of(path));
  }

  private static @Nullable Inode childOrNull(Inode inode, ByteString name) {
    if (!(inode instanceof Directory directory) || !FileName.problem(name).isEmpty()) {
      return null;
    }
    return directory.get(new FileName(name));
  }

  /// The same tree without what is at `path` and below. Nothing there: nothing changes.
  public FileTree without(TreePath path) {
    return path.isRoot() || find(path).isEmpty() ? this : new FileTree(without(root, path.names()));
  }

  private static Directory without(Directory directory, List<FileName> names) {
    NavigableMap<FileName, Inode> entries = new TreeMap<>(directory.entries());
    if (names.size() == 1) {
      entries.remove(names.getFirst());
    } else {
      Directory below = (Directory) Objects.requireNonNull(entries.get(names.getFirst()));
      entries.put(names.getFirst(), without(below, names.subList(1, names.size())));
    }
    return Directory.owning(directory.attributes(), entries);
  }

  /// The same tree with `inode` at `path`, in place of what is there.
  ///
  /// @throws IllegalArgumentException if the directory it lies in is not there
  public FileTree with(TreePath path, Inode inode) {
    return new FileTree(with(root, path.names(), inode));
  }

  private static Directory with(Directory directory, List<FileName> names, Inode inode) {
    NavigableMap<FileName, Inode> entries = new TreeMap<>(directory.entries());
    if (names.size() == 1) {
      entries.put(names.getFirst(), inode);
    } else if (entries.get(names.getFirst()) instanceof Directory below) {
      entries.put(names.getFirst(), with(below, names.subList(1, names.size()), inode));
    } else {
      throw new IllegalArgumentException("no directory " + names.getFirst());
    }
    return Directory.owning(directory.attributes(), entries);
  }

  /// Visits the root and everything below it, a directory before its entries and those in the order
  /// of their names. An inode with several links is visited under each.
  public <X extends Exception> void walk(Visitor<X> visitor) throws X {
    walk(TreePath.root(), root, visitor);
  }

  private static <X extends Exception> void walk(TreePath path, Inode inode, Visitor<X> visitor)
      throws X {
    visitor.visit(path, inode);
    if (inode instanceof Directory directory) {
      for (Map.Entry<FileName, Inode> entry : directory.entries().entrySet()) {
        walk(path.child(entry.getKey()), entry.getValue(), visitor);
      }
    }
  }

  /// The same tree with every inode's attributes decided anew. A hard link stays one: `change` is
  /// asked once for each inode, with the first of its places.
  public <P, X extends Exception> FileTree withAttributes(AttributeChange<P, X> change) throws X {
    IdentityHashMap<Inode, Inode> known = new IdentityHashMap<>(USUAL_INODES);
    return new FileTree((Directory) changed(change.root(), root, change, known));
  }

  private static <P, X extends Exception> Inode changed(
      P place, Inode inode, AttributeChange<P, X> change, IdentityHashMap<Inode, Inode> known)
      throws X {
    Inode seen = known.get(inode);
    if (seen != null) {
      return seen;
    }
    Inode result = inode.withAttributes(change.attributes(place, inode));
    if (result instanceof Directory directory) {
      result =
          directory.withInodes(
              (name, below) -> changed(change.below(place, name), below, change, known));
    }
    known.put(inode, result);
    return result;
  }

  /// Is told of every path of a tree.
  @FunctionalInterface
  public interface Visitor<X extends Exception> {
    void visit(TreePath path, Inode inode) throws X;
  }

  /// Decides inodes' attributes by where they are.
  ///
  /// @param <P> what it wants to know of a place: what it knows of a directory's place helps with
  ///   those below
  public interface AttributeChange<P, X extends Exception> {
    P root();

    P below(P directory, FileName name);

    Attributes attributes(P place, Inode inode) throws X;
  }
}
