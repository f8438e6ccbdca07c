package io.github.container2boot.fat;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.Fifo;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.Socket;
import io.github.container2boot.tree.SymbolicLink;
import io.github.container2boot.tree.TreePath;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// A tree in FAT's terms: everything named, measured and checked, nothing placed yet.
///
/// @param root the directory everything lies in
/// @param directories all of them, the root first, a directory before what it holds
/// @param files all of them, in the order of their directories and names
record TreePlan(DirectoryPlan root, List<DirectoryPlan> directories, List<FilePlan> files) {
  /// A directory has no size; its entries may take so many bytes (section 6 of the specification).
  private static final long MOST_DIRECTORY_BYTES = 2L << 20;

  private static final String FORBIDDEN = "\"*/:<>?\\|";

  /// A file or directory with its name.
  sealed interface NodePlan permits DirectoryPlan, FilePlan {
    TreePath path();

    EntryName name();

    DosTimestamp modified();

    /// The bytes it takes on the volume.
    long sizeBytes();
  }

  record FilePlan(TreePath path, EntryName name, DosTimestamp modified, Content content)
      implements NodePlan {
    @Override
    public long sizeBytes() {
      return content.sizeBytes();
    }
  }

  /// @param ownEntries entries besides those of its nodes: `.` and `..`, or the volume's label
  record DirectoryPlan(
      TreePath path, EntryName name, DosTimestamp modified, int ownEntries, List<NodePlan> nodes)
      implements NodePlan {
    long entries() {
      return ownEntries + nodes.stream().mapToLong(node -> node.name().entries()).sum();
    }

    @Override
    public long sizeBytes() {
      return entries() * DirectoryEntry.SIZE;
    }
  }

  static TreePlan of(FileTree tree, VolumeLabel label) throws FatException {
    List<DirectoryPlan> directories = new ArrayList<>();
    List<FilePlan> files = new ArrayList<>();
    EntryName noName = new EntryName(ShortName.DOT, "");
    DirectoryPlan root = directory(TreePath.root(), noName, tree.root(), label.isNone() ? 0 : 1);
    collect(root, directories, files);
    return new TreePlan(root, directories, files);
  }

  private static void collect(
      DirectoryPlan directory, List<DirectoryPlan> directories, List<FilePlan> files) {
    directories.add(directory);
    for (NodePlan node : directory.nodes()) {
      switch (node) {
        case DirectoryPlan below -> collect(below, directories, files);
        case FilePlan file -> files.add(file);
      }
    }
  }

  private static DirectoryPlan directory(
      TreePath path, EntryName name, Directory directory, int ownEntries) throws FatException {
    Iterator<EntryName> names = ShortNames.of(names(path, directory)).iterator();
    List<NodePlan> nodes = new ArrayList<>();
    for (Map.Entry<FileName, Inode> entry : directory.entries().entrySet()) {
      nodes.add(node(path.child(entry.getKey()), names.next(), entry.getValue()));
    }
    DirectoryPlan plan =
        new DirectoryPlan(path, name, modified(directory), ownEntries, List.copyOf(nodes));
    requireSize(plan);
    return plan;
  }

  private static void requireSize(DirectoryPlan plan) throws FatException {
    if (plan.sizeBytes() > MOST_DIRECTORY_BYTES) {
      throw new FatException(
          new FatException.DirectoryTooLarge(
              plan.path(), plan.entries(), MOST_DIRECTORY_BYTES / DirectoryEntry.SIZE));
    }
  }

  private static NodePlan node(TreePath path, EntryName name, Inode inode) throws FatException {
    return switch (inode) {
      case Directory below -> directory(path, name, below, 2);
      case RegularFile file -> file(path, name, file);
      case SymbolicLink _ -> throw unsuitable(path, "symbolic link");
      case DeviceNode _ -> throw unsuitable(path, "device node");
      case Fifo _ -> throw unsuitable(path, "named pipe");
      case Socket _ -> throw unsuitable(path, "socket");
    };
  }

  private static FilePlan file(TreePath path, EntryName name, RegularFile file)
      throws FatException {
    long sizeBytes = file.content().sizeBytes();
    if (sizeBytes > FatException.FileTooLarge.MOST_BYTES) {
      throw new FatException(new FatException.FileTooLarge(path, sizeBytes));
    }
    return new FilePlan(path, name, modified(file), file.content());
  }

  private static DosTimestamp modified(Inode inode) {
    Attributes attributes = inode.attributes();
    return DosTimestamp.nearest(attributes.modified());
  }

  private static FatException unsuitable(TreePath path, String type) {
    return new FatException(new FatException.TypeNotRepresentable(path, type));
  }

  /// The names of `directory` as text, none of which FAT would take for another.
  private static List<String> names(TreePath path, Directory directory) throws FatException {
    Map<String, FileName> seen = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (FileName name : directory.entries().keySet()) {
      String text = representable(path.child(name));
      FileName other = seen.put(folded(text), name);
      if (other != null) {
        throw new FatException(new FatException.NamesCollide(path.child(other), path.child(name)));
      }
      names.add(text);
    }
    return names;
  }

  /// The form in which names that differ in case only are equal: both ways, since several capitals
  /// can share a small letter and the reverse.
  private static String folded(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    text.codePoints()
        .map(point -> Character.toLowerCase(Character.toUpperCase(point)))
        .forEach(folded::appendCodePoint);
    return folded.toString();
  }

  private static String representable(TreePath path) throws FatException {
    String name = decoded(path);
    for (int index = 0; index < name.length(); index++) {
      char unit = name.charAt(index);
      if (unit < ' ' || FORBIDDEN.indexOf(unit) >= 0 || unit == '\uffff') {
        throw unsuitableName(path, "has the character " + shown(unit));
      }
    }
    if (name.endsWith(".") || name.endsWith(" ")) {
      throw unsuitableName(path, "ends with a dot or a space, which Windows and Linux drop");
    }
    return name;
  }

  private static String decoded(TreePath path) throws FatException {
    ByteString bytes = path.name().bytes();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.asByteBuffer()).toString();
    } catch (CharacterCodingException _) {
      throw unsuitableName(path, "is not UTF-8");
    }
  }

  private static String shown(char unit) {
    return unit < ' ' || unit == '\uffff' ? "U+%04X".formatted((int) unit) : "'" + unit + "'";
  }

  private static FatException unsuitableName(TreePath path, String reason) {
    return new FatException(new FatException.NameNotRepresentable(path, reason));
  }
}
