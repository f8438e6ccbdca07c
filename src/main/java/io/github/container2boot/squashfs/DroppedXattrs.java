package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.TreePath;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/// The extended attributes of a tree that SquashFS has no place for: all but those in the
/// namespaces `user`, `trusted` and `security`. In practice that is POSIX ACLs
/// (`system.posix_acl_*`).
///
/// An image is made without them, silently; whoever makes one asks here and says so.
///
/// @param count how many there are, hard links counted once
/// @param first the first one, if any
public record DroppedXattrs(long count, Optional<First> first) {
  /// One of them.
  ///
  /// @param path the file that has it
  /// @param name its full name
  public record First(TreePath path, ByteString name) {}

  public static DroppedXattrs of(FileTree tree) {
    Counter counter = new Counter();
    tree.walk(counter);
    return new DroppedXattrs(counter.count, counter.first);
  }

  private static final class Counter implements FileTree.Visitor<RuntimeException> {
    private final Set<Inode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private Optional<First> first = Optional.empty();
    private long count;

    @Override
    public void visit(TreePath path, Inode inode) {
      if (inode.attributes().xattrs().isEmpty() || !seen.add(inode)) {
        return;
      }
      for (ByteString name : inode.attributes().xattrs().values().keySet()) {
        if (XattrPrefix.of(name).isEmpty()) {
          count++;
          first = first.isPresent() ? first : Optional.of(new First(path, name));
        }
      }
    }
  }
}
