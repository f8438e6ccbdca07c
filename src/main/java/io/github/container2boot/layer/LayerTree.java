package io.github.container2boot.layer;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tar.TarEntry;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.Fifo;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.SymbolicLink;
import io.github.container2boot.tree.TreePath;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One layer, entry by entry, as the tree its image will hold.
///
/// Entries are taken as an extractor into an empty directory would take them: a symbolic link that
/// an earlier entry made is followed, inside the root.
final class LayerTree {
  /// The kernel's own limit, path_resolution(7).
  private static final int MAX_SYMBOLIC_LINKS = 40;

  /// Links that lead through ever new directories must not make a small archive a large tree.
  private static final int MAX_IMPLIED_DIRECTORIES = 1_000_000;

  private static final ByteString WHITEOUT = ByteString.utf8(".wh.");
  private static final ByteString AUFS = ByteString.utf8(".wh..wh.");
  private static final ByteString OPAQUE = ByteString.utf8(".wh..wh..opq");
  private static final ByteString SLASH = ByteString.utf8("/");
  private static final ByteString DOT = ByteString.utf8(".");
  private static final ByteString DOT_DOT = ByteString.utf8("..");

  private static final Attributes IMPLIED =
      LayerMarks.marked(Attributes.ofRoot(0_755, Instant.EPOCH), LayerMarks.IMPLIED);

  private final DirectoryNode root = new DirectoryNode();
  private final StorableAttributes storable = new StorableAttributes();
  private int impliedDirectories;

  /// Adds `entry`; a regular file's data is `content`.
  void add(TarEntry entry, Content content) throws FormatException {
    TreePath path = TreePath.parse(entry.path());
    if (path.isRoot()) {
      addRoot(entry);
      return;
    }
    if (isHousekeeping(path)) {
      return;
    }
    ByteString name = path.name().bytes();
    DirectoryNode parent = directory(path.parent());
    if (name.equals(OPAQUE)) {
      parent.opaque = true;
    } else if (name.startsWith(WHITEOUT)) {
      parent.whiteouts.add(hiddenName(path, name.substring(WHITEOUT.size())));
    } else {
      parent.put(path.name(), node(entry, path, content));
    }
  }

  private static boolean isHousekeeping(TreePath path) {
    return !path.name().bytes().equals(OPAQUE)
        && path.names().stream().anyMatch(name -> name.bytes().startsWith(AUFS));
  }

  /// The whole layer in overlayfs form.
  FileTree build() throws FormatException {
    linkWithin(root, TreePath.root());
    return new FileTree(storable.markDropped(root.build()));
  }

  private void addRoot(TarEntry entry) throws FormatException {
    if (entry.type() != TarEntry.Type.DIRECTORY) {
      throw FormatException.malformed("root entry: expected a directory, found " + entry.type());
    }
    root.attributes = storable.of(entry.attributes(), TreePath.root());
  }

  private static FileName hiddenName(TreePath path, ByteString name) throws FormatException {
    String problem = FileName.problem(name);
    if (!problem.isEmpty()) {
      throw FormatException.malformed("whiteout " + path + " of a name that " + problem);
    }
    return new FileName(name);
  }

  private Node node(TarEntry entry, TreePath path, Content content) throws FormatException {
    Attributes attributes = storable.of(entry.attributes(), path);
    return switch (entry.type()) {
      case DIRECTORY -> new DirectoryNode(attributes);
      case FILE -> new Leaf(new RegularFile(attributes, content));
      case SYMBOLIC_LINK -> new Leaf(new SymbolicLink(attributes, entry.linkTarget()));
      case FIFO -> new Leaf(new Fifo(attributes));
      case CHARACTER_DEVICE -> new Leaf(device(entry, attributes, DeviceNode.Kind.CHARACTER));
      case BLOCK_DEVICE -> new Leaf(device(entry, attributes, DeviceNode.Kind.BLOCK));
      case HARD_LINK -> hardLink(entry, path);
    };
  }

  private static Inode device(TarEntry entry, Attributes attributes, DeviceNode.Kind kind) {
    return LayerMarks.noWhiteout(
        new DeviceNode(attributes, kind, entry.deviceMajor(), entry.deviceMinor()));
  }

  private Node hardLink(TarEntry entry, TreePath path) throws FormatException {
    TreePath target = TreePath.parse(entry.linkTarget());
    return switch (find(target)) {
      case Leaf leaf -> leaf;
      case DirectoryNode _ -> throw hardLinkToDirectory(path, target);
      case LinkBelow link -> link;
      case null -> new LinkBelow(target);
    };
  }

  /// Finds the targets that came after the links to them. What is still missing must lie in a lower
  /// layer.
  private void linkWithin(DirectoryNode directory, TreePath path) throws FormatException {
    for (Map.Entry<FileName, Node> entry : directory.entries.entrySet()) {
      switch (entry.getValue()) {
        case DirectoryNode below -> linkWithin(below, path.child(entry.getKey()));
        case LinkBelow link -> entry.setValue(targetWithin(link, path.child(entry.getKey())));
        case Leaf _ -> {}
      }
    }
  }

  private Node targetWithin(LinkBelow link, TreePath path) throws FormatException {
    LinkBelow last = link;
    for (int followed = 0; followed < MAX_SYMBOLIC_LINKS; followed++) {
      switch (find(last.target)) {
        case Leaf leaf -> {
          return leaf;
        }
        case DirectoryNode _ -> throw hardLinkToDirectory(path, last.target);
        case LinkBelow next -> {
          if (next == last) {
            return last;
          }
          last = next;
        }
        case null -> {
          return last;
        }
      }
    }
    throw FormatException.malformed(
        "hard links " + path + " and " + link.target + " go in circles");
  }

  private static FormatException hardLinkToDirectory(TreePath path, TreePath target) {
    return FormatException.malformed(
        "hard link " + path + ": expected a file to link to, found the directory " + target);
  }

  /// What an earlier entry left at `path`, links in its parent followed.
  private @Nullable Node find(TreePath path) throws FormatException {
    if (path.isRoot()) {
      return root;
    }
    DirectoryNode parent = walk(path.parent(), Missing.STAYS);
    return parent == null ? null : parent.entries.get(path.name());
  }

  /// The directory at `path`, made where it is missing.
  private DirectoryNode directory(TreePath path) throws FormatException {
    return Objects.requireNonNull(walk(path, Missing.IS_MADE));
  }

  /// What becomes of a directory that a path needs and no entry has made.
  private enum Missing {
    IS_MADE,
    STAYS
  }

  private @Nullable DirectoryNode walk(TreePath path, Missing missing) throws FormatException {
    Deque<ByteString> ahead = new ArrayDeque<>();
    path.names().forEach(name -> ahead.addLast(name.bytes()));
    List<DirectoryNode> way = new ArrayList<>(List.of(root));
    int linksLeft = MAX_SYMBOLIC_LINKS;
    while (!ahead.isEmpty()) {
      ByteString component = ahead.removeFirst();
      if (component.isEmpty() || component.equals(DOT)) {
        continue;
      }
      if (component.equals(DOT_DOT)) {
        if (way.size() > 1) {
          way.removeLast();
        }
        continue;
      }
      FileName name = componentName(path, component);
      Node next = way.getLast().entries.get(name);
      if (next instanceof DirectoryNode below) {
        requireDepth(path, way);
        way.add(below);
      } else if (next instanceof Leaf(SymbolicLink link)) {
        if (linksLeft-- == 0) {
          throw FormatException.malformed(
              "path " + path + " leads through too many symbolic links");
        }
        if (link.target().startsWith(SLASH)) {
          way.subList(1, way.size()).clear();
        }
        TreePath.components(link.target()).reversed().forEach(ahead::addFirst);
      } else if (missing == Missing.STAYS) {
        return null;
      } else {
        way.add(implied(path, way, name));
      }
    }
    return way.getLast();
  }

  private static FileName componentName(TreePath path, ByteString component)
      throws FormatException {
    String problem = FileName.problem(component);
    if (!problem.isEmpty()) {
      throw FormatException.malformed(
          "path " + path + " leads through a symbolic link with a name that " + problem);
    }
    return new FileName(component);
  }

  /// Symbolic links can lead deeper than any path in the archive is long.
  private static void requireDepth(TreePath path, List<DirectoryNode> way) throws FormatException {
    if (way.size() >= TreePath.MAX_DEPTH) {
      throw FormatException.malformed(
          "path %s leads through more than %d directories".formatted(path, TreePath.MAX_DEPTH));
    }
  }

  private DirectoryNode implied(TreePath path, List<DirectoryNode> way, FileName name)
      throws FormatException {
    if (way.size() >= TreePath.MAX_DEPTH || ++impliedDirectories > MAX_IMPLIED_DIRECTORIES) {
      throw FormatException.malformed(
          "path " + path + " leads through too many directories that have no entry");
    }
    DirectoryNode directory = new DirectoryNode();
    way.getLast().entries.put(name, directory);
    return directory;
  }

  /// What a name in a directory stands for.
  private sealed interface Node {}

  /// Anything but a directory; shared where names are hard links.
  private record Leaf(Inode inode) implements Node {}

  /// A hard link whose target this layer does not have.
  private static final class LinkBelow implements Node {
    private final TreePath target;
    private final Inode placeholder;

    LinkBelow(TreePath target) {
      this.target = target;
      this.placeholder =
          new RegularFile(
              LayerMarks.marked(
                  Attributes.ofRoot(0, Instant.EPOCH), LayerMarks.HARD_LINK, target.toByteString()),
              Content.empty());
    }
  }

  private static final class DirectoryNode implements Node {
    private Attributes attributes;
    private boolean opaque;
    private final NavigableMap<FileName, Node> entries = new TreeMap<>();
    private final NavigableSet<FileName> whiteouts = new TreeSet<>();

    DirectoryNode() {
      this(IMPLIED);
    }

    DirectoryNode(Attributes attributes) {
      this.attributes = attributes;
    }

    void put(FileName name, Node node) {
      if (node instanceof DirectoryNode directory
          && entries.get(name) instanceof DirectoryNode present) {
        present.attributes = directory.attributes;
      } else {
        entries.put(name, node);
      }
    }

    Directory build() {
      whiteouts.forEach(this::whiteOut);
      NavigableMap<FileName, Inode> built = new TreeMap<>();
      entries.forEach((name, node) -> built.put(name, inode(node)));
      return Directory.of(
          opaque ? LayerMarks.marked(attributes, LayerMarks.OPAQUE) : attributes, built);
    }

    private void whiteOut(FileName name) {
      switch (entries.get(name)) {
        case DirectoryNode directory -> directory.replaceBelow();
        case null -> entries.put(name, new Leaf(LayerMarks.whiteout()));
        case Leaf _, LinkBelow _ -> {}
      }
    }

    /// Hides what lies below, attributes included.
    private void replaceBelow() {
      opaque = true;
      attributes = attributes.withXattrs(attributes.xattrs().without(LayerMarks.IMPLIED));
    }

    private static Inode inode(Node node) {
      return switch (node) {
        case Leaf(Inode inode) -> inode;
        case LinkBelow link -> link.placeholder;
        case DirectoryNode directory -> directory.build();
      };
    }
  }
}
