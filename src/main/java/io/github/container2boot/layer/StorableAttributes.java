package io.github.container2boot.layer;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.ExtendedAttributes;
import io.github.container2boot.tree.TreePath;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The attributes of a layer's files as its image can hold them: names that look like marks
/// escaped, and without what SquashFS has no place for (POSIX ACLs above all), which is counted.
final class StorableAttributes {
  /// What SquashFS can say, by the beginning of the attribute's name.
  private static final List<ByteString> STORED_PREFIXES =
      List.of(ByteString.utf8("user."), ByteString.utf8("trusted."), ByteString.utf8("security."));

  private long dropped;
  private @Nullable TreePath firstDropped;

  /// The attributes of what is at `path`.
  Attributes of(Attributes attributes, TreePath path) {
    return of(attributes, () -> path);
  }

  /// The attributes of what is at a path that is asked for only if it must be known.
  Attributes of(Attributes attributes, Supplier<TreePath> path) {
    ExtendedAttributes xattrs = attributes.xattrs();
    if (xattrs.isEmpty()) {
      return attributes;
    }
    for (ByteString name : attributes.xattrs().values().keySet()) {
      if (STORED_PREFIXES.stream().noneMatch(name::startsWith)) {
        xattrs = xattrs.without(name);
        dropped++;
        firstDropped = firstDropped == null ? path.get() : firstDropped;
      }
    }
    return attributes.withXattrs(LayerMarks.escaped(xattrs));
  }

  /// The root, with a note of what was dropped so far.
  Directory markDropped(Directory root) {
    TreePath first = firstDropped;
    if (first == null) {
      return root;
    }
    DroppedAttributes summary = new DroppedAttributes(dropped, first.toByteString());
    return root.withAttributes(
        LayerMarks.marked(root.attributes(), LayerMarks.DROPPED, summary.mark()));
  }
}
