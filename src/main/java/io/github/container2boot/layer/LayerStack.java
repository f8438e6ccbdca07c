package io.github.container2boot.layer;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.SymbolicLink;
import io.github.container2boot.tree.TreePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Lays the trees of layer images over each other.
///
/// The result shares every subtree that no upper layer touches, and holds no mark of any layer.
public final class LayerStack {
  /// How often a subtree may be moved through one more symbolic link.
  private static final int MAX_MOVES = 40;

  private final Attributes impliedAttributes;
  private FileTree merged;

  private LayerStack(Instant impliedModified) {
    this.impliedAttributes = Attributes.ofRoot(0_755, impliedModified);
    this.merged = new FileTree(Directory.empty(impliedAttributes));
  }

  /// Merges `layers`, the lowest first.
  ///
  /// @param impliedModified the time of a directory that no layer has an entry for; it is root's,
  ///   0755
  /// @throws FormatException if a hard link leads nowhere
  public static FileTree merge(List<FileTree> layers, Instant impliedModified)
      throws FormatException {
    LayerStack stack = new LayerStack(impliedModified);
    for (int layer = 0; layer < layers.size(); layer++) {
      try {
        stack.add(layers.get(layer));
      } catch (FormatException problem) {
        throw problem.in("layer " + (layer + 1));
      }
    }
    return stack.merged;
  }

  private void add(FileTree layer) throws FormatException {
    FileTree placed = followingLinks(layer);
    merged = new FileTree(new Overlay(merged).over(merged.root(), placed.root()));
  }

  /// One layer being laid over `below`.
  private final class Overlay {
    private final FileTree below;
    private final IdentityHashMap<Inode, Inode> restored = new IdentityHashMap<>();

    Overlay(FileTree below) {
      this.below = below;
    }

    Directory over(@Nullable Directory lower, Directory upper) throws FormatException {
      Attributes attributes = attributes(lower, upper);
      if (lower == null || LayerMarks.has(upper, LayerMarks.OPAQUE)) {
        return alone(upper, attributes);
      }
      NavigableMap<FileName, Inode> entries = new TreeMap<>(lower.entries());
      for (Map.Entry<FileName, Inode> entry : upper.entries().entrySet()) {
        place(entries, entry.getKey(), entry.getValue());
      }
      return Directory.owning(attributes, entries);
    }

    /// A directory with nothing below it, as all those of the lowest layer: the names are in order
    /// already.
    private Directory alone(Directory upper, Attributes attributes) throws FormatException {
      NavigableMap<FileName, Inode> entries = new TreeMap<>(upper.entries());
      for (var each = entries.entrySet().iterator(); each.hasNext(); ) {
        Map.Entry<FileName, Inode> entry = each.next();
        if (LayerMarks.isWhiteout(entry.getValue())) {
          each.remove();
        } else {
          entry.setValue(
              entry.getValue() instanceof Directory directory
                  ? over(null, directory)
                  : restored(entry.getValue()));
        }
      }
      return Directory.owning(attributes, entries);
    }

    private void place(NavigableMap<FileName, Inode> entries, FileName name, Inode upper)
        throws FormatException {
      if (LayerMarks.isWhiteout(upper)) {
        entries.remove(name);
      } else if (upper instanceof Directory directory) {
        Inode lower = entries.get(name);
        entries.put(name, over(lower instanceof Directory present ? present : null, directory));
      } else {
        entries.put(name, restored(upper));
      }
    }

    private Attributes attributes(@Nullable Directory lower, Directory upper) {
      if (!LayerMarks.has(upper, LayerMarks.IMPLIED)) {
        return LayerMarks.restored(upper.attributes());
      }
      return lower == null ? impliedAttributes : lower.attributes();
    }

    private Inode restored(Inode upper) throws FormatException {
      if (upper.attributes().xattrs().isEmpty()) {
        return upper;
      }
      Inode known = restored.get(upper);
      if (known == null) {
        known = linkedOrRestored(upper);
        restored.put(upper, known);
      }
      return known;
    }

    private Inode linkedOrRestored(Inode upper) throws FormatException {
      ByteString target = upper.attributes().xattrs().get(LayerMarks.HARD_LINK);
      if (target != null && upper instanceof RegularFile) {
        return linkTarget(TreePath.parse(target));
      }
      return LayerMarks.isMarked(upper)
          ? upper.withAttributes(LayerMarks.restored(upper.attributes()))
          : upper;
    }

    private Inode linkTarget(TreePath path) throws FormatException {
      Inode target =
          below
              .resolve(path.parent())
              .flatMap(parent -> below.find(parent.child(path.name())))
              .orElseThrow(() ->
                  FormatException.malformed(
                      "hard link to " + path + ", which neither this layer nor one below has"));
      if (target instanceof Directory) {
        throw FormatException.malformed(
            "hard link to " + path + ": expected a file, found a directory");
      }
      return target;
    }
  }

  /// The layer with every directory that it only implies moved to where the symbolic link below it
  /// leads.
  private FileTree followingLinks(FileTree layer) throws FormatException {
    FileTree placed = layer;
    for (int move = 0; move < MAX_MOVES; move++) {
      List<Move> moves = new ArrayList<>();
      findMoves(TreePath.root(), merged.root(), placed.root(), moves);
      if (moves.isEmpty()) {
        return placed;
      }
      placed = moved(placed, moves);
    }
    throw FormatException.malformed(
        "paths of this layer lead through too many symbolic links of the layers below");
  }

  /// A directory of the layer and where it belongs.
  private record Move(TreePath from, TreePath to, Directory directory) {}

  private void findMoves(TreePath path, Directory lower, Directory upper, List<Move> moves) {
    for (Map.Entry<FileName, Inode> entry : upper.entries().entrySet()) {
      if (!(entry.getValue() instanceof Directory directory)) {
        continue;
      }
      TreePath here = path.child(entry.getKey());
      Inode below = lower.get(entry.getKey());
      if (below instanceof Directory present) {
        findMoves(here, present, directory, moves);
      } else if (below instanceof SymbolicLink && LayerMarks.has(directory, LayerMarks.IMPLIED)) {
        merged
            .resolve(here)
            .filter(target -> merged.find(target).orElseThrow() instanceof Directory)
            .ifPresent(target -> moves.add(new Move(here, target, directory)));
      }
    }
  }

  private static FileTree moved(FileTree layer, List<Move> moves) throws FormatException {
    Attributes implied =
        LayerMarks.marked(Attributes.ofRoot(0_755, Instant.EPOCH), LayerMarks.IMPLIED);
    FileTreeBuilder builder = FileTreeBuilder.of(layer, implied);
    moves.forEach(move -> builder.remove(move.from()));
    for (Move move : moves) {
      new FileTree(move.directory())
          .walk((path, inode) -> putBelow(builder, requireDepth(move.to().join(path)), inode));
    }
    return builder.build();
  }

  private static TreePath requireDepth(TreePath path) throws FormatException {
    if (path.depth() > TreePath.MAX_DEPTH) {
      throw FormatException.malformed(
          "paths of this layer lead through more than %d directories"
              .formatted(TreePath.MAX_DEPTH));
    }
    return path;
  }

  /// What the layer has an entry for wins over what it only implies.
  private static void putBelow(FileTreeBuilder builder, TreePath path, Inode inode) {
    boolean onlyImplied =
        LayerMarks.has(inode, LayerMarks.IMPLIED) && builder.get(path) instanceof Directory;
    if (inode instanceof Directory directory) {
      if (onlyImplied) {
        addMarks(builder, path, directory);
      } else {
        builder.put(path, Directory.empty(directory.attributes()));
      }
    } else {
      builder.put(path, inode);
    }
  }

  private static void addMarks(FileTreeBuilder builder, TreePath path, Directory implied) {
    Inode present = builder.get(path);
    if (present != null && LayerMarks.has(implied, LayerMarks.OPAQUE)) {
      builder.put(
          path, Directory.empty(LayerMarks.marked(present.attributes(), LayerMarks.OPAQUE)));
    }
  }
}
