package io.github.container2boot.directory;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.ExtendedAttributes;
import io.github.container2boot.tree.Fifo;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.Socket;
import io.github.container2boot.tree.SymbolicLink;
import io.github.container2boot.tree.TreePath;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One pass over a directory that finds out everything but the data of files.
final class DirectoryScan {
  private static final ByteString OWN_DESCRIPTORS = ByteString.utf8("/proc/self/fd/");
  private static final ByteString SLASH = ByteString.utf8("/");
  private static final ByteString DOT = ByteString.utf8(".");

  /// In the place of inodes until the names are sorted.
  private static final Inode NOT_YET_READ = new Fifo(Attributes.ofRoot(0, Instant.EPOCH));

  /// The labels of the machine that the directory is mounted on, which no archive has either.
  private static final ByteString SELINUX = ByteString.utf8("security.selinux");

  private final DirectoryTree tree;
  private final SystemCalls calls;
  private final ByteString root;
  private final boolean descriptorsHavePaths;
  private final Map<Identity, Linked> linked = new HashMap<>();
  private final Deque<OpenDirectory> ahead = new ArrayDeque<>();
  private long sizeBytes;

  /// @param root its path, as bytes
  DirectoryScan(DirectoryTree tree, SystemCalls calls, ByteString root) {
    this.tree = tree;
    this.calls = calls;
    this.root = root;
    this.descriptorsHavePaths = hasPath(tree.descriptor());
  }

  /// What was found.
  record Found(FileTree files, long sizeBytes) {}

  /// Which inode it is, whatever its name.
  private record Identity(long fileSystem, long inode) {
    /// As a record's own, which would cost every start some milliseconds to link.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Identity(long otherFileSystem, long otherInode)
          && fileSystem == otherFileSystem
          && inode == otherInode;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(inode);
    }
  }

  /// An inode with several names, as it was when the first was found.
  private record Linked(FileStatus status, Inode inode) {}

  /// Follows the tree down without a method for each level: directories may be nested as deep as a
  /// path is long.
  Found read() throws DirectoryException {
    try {
      OpenDirectory root = openRoot();
      ahead.push(root);
      for (OpenDirectory last = root; last != null; last = ahead.peek()) {
        if (last.entries.hasNext()) {
          readEntry(last);
        } else {
          finish(last);
        }
      }
      return new Found(new FileTree(root.built()), sizeBytes);
    } finally {
      ahead.forEach(this::close);
    }
  }

  /// A directory whose entries are being looked at.
  private static final class OpenDirectory {
    private final Place place;
    private final int descriptor;
    private final Attributes attributes;

    /// What the names of entries are put behind to ask for their extended attributes.
    private final ByteString prefix;

    /// Every name, and what was found so far.
    private final NavigableMap<FileName, Inode> found;

    private final Iterator<Map.Entry<FileName, Inode>> entries;

    /// Where it goes when it is built.
    private final Consumer<Directory> taker;

    OpenDirectory(
        Place place,
        int descriptor,
        Attributes attributes,
        ByteString prefix,
        NavigableMap<FileName, Inode> found,
        Consumer<Directory> taker) {
      this.place = place;
      this.descriptor = descriptor;
      this.attributes = attributes;
      this.prefix = prefix;
      this.found = found;
      this.entries = found.entrySet().iterator();
      this.taker = taker;
    }

    ByteString attributePath(ByteString name) {
      return prefix.concat(name);
    }

    Directory built() {
      return Directory.of(attributes, found);
    }
  }

  private OpenDirectory openRoot() throws DirectoryException {
    int descriptor = tree.descriptor();
    try {
      FileStatus status = calls.status(descriptor);
      Attributes attributes =
          attributes(status, prefix(ByteString.empty(), descriptor).concat(DOT));
      return open(Place.root(status), descriptor, attributes, _ -> {});
    } catch (CallFailed failed) {
      throw tree.problems().explained(ByteString.empty(), failed);
    }
  }

  private OpenDirectory open(
      Place place, int descriptor, Attributes attributes, Consumer<Directory> taker)
      throws CallFailed {
    NavigableMap<FileName, Inode> found = new TreeMap<>();
    for (ByteString name : calls.entries(descriptor)) {
      found.put(new FileName(name), NOT_YET_READ);
    }
    ByteString prefix = prefix(place.path(), descriptor);
    return new OpenDirectory(place, descriptor, attributes, prefix, found, taker);
  }

  /// Extended attributes are asked for by path. One through the open directory leads nowhere else,
  /// whatever is moved meanwhile, and is short; without /proc only the whole path is left.
  private ByteString prefix(ByteString path, int descriptor) {
    return (descriptorsHavePaths ? pathOf(descriptor) : root.concat(path)).concat(SLASH);
  }

  private void close(OpenDirectory directory) {
    if (!directory.place.isRoot()) {
      calls.close(directory.descriptor);
    }
  }

  /// All entries of the last directory are known.
  private void finish(OpenDirectory directory) throws DirectoryException {
    try {
      if (!calls.status(directory.descriptor).isUnchanged(directory.place.status())) {
        throw tree.problems().changed(directory.place.path(), "changed");
      }
    } catch (CallFailed failed) {
      throw tree.problems().explained(directory.place.path(), failed);
    }
    ahead.pop();
    close(directory);
    directory.taker.accept(directory.built());
  }

  private void readEntry(OpenDirectory parent) throws DirectoryException {
    Map.Entry<FileName, Inode> entry = parent.entries.next();
    FileName name = entry.getKey();
    requireShort(parent.place, name);
    try {
      FileStatus status = calls.status(parent.descriptor, name.bytes());
      if (status.type() == FileStatus.Type.DIRECTORY) {
        readDirectory(parent, entry, status);
      } else {
        entry.setValue(
            status.links() == 1 ? inode(parent, name, status) : linked(parent, name, status));
      }
    } catch (CallFailed failed) {
      throw tree.problems().explained(parent.place.path(name.bytes()), failed);
    }
  }

  private void readDirectory(
      OpenDirectory parent, Map.Entry<FileName, Inode> entry, FileStatus status)
      throws CallFailed, DirectoryException {
    FileName name = entry.getKey();
    Attributes attributes = attributes(status, parent.attributePath(name.bytes()));
    if (status.isMountPointIn(parent.place.status())) {
      entry.setValue(Directory.empty(attributes));
      return;
    }
    Place place = parent.place.child(name, status);
    int descriptor = calls.openDirectory(parent.descriptor, name.bytes());
    boolean opened = false;
    try {
      if (!calls.status(descriptor).isUnchanged(status)) {
        throw tree.problems().changed(place.path(), "changed");
      }
      ahead.push(open(place, descriptor, attributes, entry::setValue));
      opened = true;
    } finally {
      if (!opened) {
        calls.close(descriptor);
      }
    }
  }

  private void requireShort(Place parent, FileName name) throws DirectoryException {
    if (parent.depth() >= TreePath.MAX_DEPTH || parent.pathBytesOf(name) > TreePath.MAX_BYTES) {
      throw new DirectoryException(
          new DirectoryException.TooDeep(tree.problems().path(parent.path(name.bytes()))));
    }
  }

  /// Whoever takes a name away meanwhile and gives its number to another file changes its times.
  private Inode linked(OpenDirectory parent, FileName name, FileStatus status)
      throws CallFailed, DirectoryException {
    Identity identity = new Identity(status.fileSystem(), status.inode());
    Linked known = linked.get(identity);
    if (known == null) {
      Inode inode = inode(parent, name, status);
      linked.put(identity, new Linked(status, inode));
      return inode;
    }
    if (!status.isUnchanged(known.status())) {
      throw tree.problems().changed(parent.place.path(name.bytes()), "changed");
    }
    return known.inode();
  }

  private Inode inode(OpenDirectory parent, FileName name, FileStatus status)
      throws CallFailed, DirectoryException {
    Place place = parent.place;
    Attributes attributes = attributes(status, parent.attributePath(name.bytes()));
    boolean mountPoint = status.isMountPointIn(place.status());
    return switch (status.type()) {
      case REGULAR ->
          new RegularFile(attributes, mountPoint ? Content.empty() : content(place, name, status));
      case SYMBOLIC_LINK ->
          new SymbolicLink(attributes, calls.readLink(parent.descriptor, name.bytes()));
      case CHARACTER_DEVICE -> device(attributes, DeviceNode.Kind.CHARACTER, status);
      case BLOCK_DEVICE -> device(attributes, DeviceNode.Kind.BLOCK, status);
      case FIFO -> new Fifo(attributes);
      case SOCKET -> new Socket(attributes);
      case DIRECTORY, OTHER ->
          throw new DirectoryException(
              new DirectoryException.UnknownType(
                  tree.problems().path(place.path(name.bytes())), status.mode()));
    };
  }

  private Content content(Place parent, FileName name, FileStatus status) {
    if (status.sizeBytes() == 0) {
      return Content.empty();
    }
    sizeBytes += status.sizeBytes();
    return new DirectoryFile(tree, parent, name.bytes(), status);
  }

  private static DeviceNode device(Attributes attributes, DeviceNode.Kind kind, FileStatus status) {
    return new DeviceNode(attributes, kind, status.deviceMajor(), status.deviceMinor());
  }

  private Attributes attributes(FileStatus status, ByteString path) throws CallFailed {
    return new Attributes(
        status.permissions(), status.userId(), status.groupId(), status.modified(), xattrs(path));
  }

  private ExtendedAttributes xattrs(ByteString path) throws CallFailed {
    List<ByteString> names = calls.listAttributes(path);
    if (names.isEmpty()) {
      return ExtendedAttributes.none();
    }
    Map<ByteString, ByteString> values = new HashMap<>();
    for (ByteString name : names) {
      if (!name.equals(SELINUX)) {
        calls.attribute(path, name).ifPresent(value -> values.put(name, value));
      }
    }
    return ExtendedAttributes.of(values);
  }

  private static ByteString pathOf(int descriptor) {
    return OWN_DESCRIPTORS.concat(ByteString.utf8(Integer.toString(descriptor)));
  }

  private boolean hasPath(int descriptor) {
    try {
      ByteString path = pathOf(descriptor).concat(ByteString.utf8("/."));
      return calls.status(descriptor, path).isSameFile(calls.status(descriptor));
    } catch (CallFailed missing) {
      return false;
    }
  }
}
