package io.github.container2boot.layer;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.ExtendedAttributes;
import io.github.container2boot.tree.Inode;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What a layer image says about the layers below it.
///
/// Attributes of files in the archive that happen to look like marks are escaped on the way in and
/// restored on the way out, so that an image which itself holds overlayfs directories loses
/// nothing.
final class LayerMarks {
  private static final String OURS = "trusted.container2boot.";
  private static final ByteString OVERLAY_PREFIX = ByteString.utf8("trusted.overlay.");
  private static final ByteString OUR_PREFIX = ByteString.utf8(OURS);
  private static final ByteString TRUSTED_PREFIX = ByteString.utf8("trusted.");
  private static final ByteString ESCAPED_PREFIX = ByteString.utf8(OURS + "escaped.");
  private static final ByteString YES = ByteString.utf8("y");

  /// On a directory: nothing of the layers below shows through. As overlayfs has it.
  static final ByteString OPAQUE = ByteString.utf8("trusted.overlay.opaque");

  /// On a directory: the layer has no entry for it, only for something below it.
  static final ByteString IMPLIED = ByteString.utf8(OURS + "implied");

  /// On an empty file: a hard link to the path in the value, which only a lower layer has.
  static final ByteString HARD_LINK = ByteString.utf8(OURS + "hardlink");

  /// On a character device 0/0: it is one, and no whiteout.
  static final ByteString DEVICE = ByteString.utf8(OURS + "device");

  /// On the root: how many extended attributes SquashFS has no place for, and the path of the
  /// first, as `12 /var/log/journal`.
  static final ByteString DROPPED = ByteString.utf8(OURS + "dropped");

  private LayerMarks() {}

  static Attributes marked(Attributes attributes, ByteString mark) {
    return marked(attributes, mark, YES);
  }

  static Attributes marked(Attributes attributes, ByteString mark, ByteString value) {
    return attributes.withXattrs(attributes.xattrs().with(mark, value));
  }

  static boolean has(Inode inode, ByteString mark) {
    return inode.attributes().xattrs().has(mark);
  }

  static DeviceNode whiteout() {
    return new DeviceNode(Attributes.ofRoot(0, Instant.EPOCH), DeviceNode.Kind.CHARACTER, 0, 0);
  }

  /// Whether there is anything that [#restored] would change.
  static boolean isMarked(Inode inode) {
    ExtendedAttributes xattrs = inode.attributes().xattrs();
    return !xattrs.isEmpty()
        && xattrs.values().keySet().stream().anyMatch(LayerMarks::looksLikeMark);
  }

  static boolean isWhiteout(Inode inode) {
    return isZeroDevice(inode) && !has(inode, DEVICE);
  }

  static boolean isZeroDevice(Inode inode) {
    return inode instanceof DeviceNode device
        && device.kind() == DeviceNode.Kind.CHARACTER
        && device.major() == 0
        && device.minor() == 0;
  }

  /// The same device, marked as one if it looks like a whiteout.
  static DeviceNode noWhiteout(DeviceNode device) {
    return isZeroDevice(device)
        ? device.withAttributes(marked(device.attributes(), DEVICE))
        : device;
  }

  static ExtendedAttributes escaped(ExtendedAttributes xattrs) {
    if (xattrs.isEmpty()) {
      return xattrs;
    }
    NavigableMap<ByteString, ByteString> escaped = new TreeMap<>();
    xattrs
        .values()
        .forEach((name, value) -> escaped.put(looksLikeMark(name) ? escape(name) : name, value));
    return ExtendedAttributes.of(escaped);
  }

  /// The attributes as the archive had them: marks removed, escaped names restored.
  static Attributes restored(Attributes attributes) {
    if (attributes.xattrs().isEmpty()) {
      return attributes;
    }
    NavigableMap<ByteString, ByteString> restored = new TreeMap<>();
    for (Map.Entry<ByteString, ByteString> xattr : attributes.xattrs().values().entrySet()) {
      ByteString name = xattr.getKey();
      if (name.startsWith(ESCAPED_PREFIX)) {
        restored.put(unescape(name), xattr.getValue());
      } else if (!looksLikeMark(name)) {
        restored.put(name, xattr.getValue());
      }
    }
    return attributes.withXattrs(ExtendedAttributes.of(restored));
  }

  private static boolean looksLikeMark(ByteString name) {
    return name.startsWith(OVERLAY_PREFIX) || name.startsWith(OUR_PREFIX);
  }

  private static ByteString escape(ByteString name) {
    return ESCAPED_PREFIX.concat(name.substring(TRUSTED_PREFIX.size()));
  }

  private static ByteString unescape(ByteString name) {
    return TRUSTED_PREFIX.concat(name.substring(ESCAPED_PREFIX.size()));
  }
}
