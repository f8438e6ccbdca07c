package io.github.container2boot.layer;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.tar.TarEntry;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.ExtendedAttributes;
import java.time.Instant;
import java.util.Map;

/// Archive entries, as short as a test wants to read them.
final class Entries {
  private Entries() {}

  /// An entry and the data behind it.
  record Entry(TarEntry header, String data) {}

  static Entry file(String path, String data) {
    return new Entry(
        header(path, TarEntry.Type.FILE, 0_644, "", data.length(), ExtendedAttributes.none()),
        data);
  }

  static Entry file(String path, String data, Map<String, String> xattrs) {
    ExtendedAttributes attributes = ExtendedAttributes.none();
    for (Map.Entry<String, String> xattr : xattrs.entrySet()) {
      attributes =
          attributes.with(ByteString.utf8(xattr.getKey()), ByteString.utf8(xattr.getValue()));
    }
    return new Entry(header(path, TarEntry.Type.FILE, 0_644, "", data.length(), attributes), data);
  }

  static Entry directory(String path, int permissions) {
    return new Entry(
        header(path, TarEntry.Type.DIRECTORY, permissions, "", 0, ExtendedAttributes.none()), "");
  }

  static Entry symbolicLink(String path, String target) {
    return new Entry(
        header(path, TarEntry.Type.SYMBOLIC_LINK, 0_777, target, 0, ExtendedAttributes.none()), "");
  }

  static Entry hardLink(String path, String target) {
    return new Entry(
        header(path, TarEntry.Type.HARD_LINK, 0_644, target, 0, ExtendedAttributes.none()), "");
  }

  static Entry zeroDevice(String path) {
    return new Entry(
        header(path, TarEntry.Type.CHARACTER_DEVICE, 0_600, "", 0, ExtendedAttributes.none()), "");
  }

  static Entry whiteout(String directory, String name) {
    return file(directory + "/.wh." + name, "");
  }

  static Entry opaque(String directory) {
    return file(directory + "/.wh..wh..opq", "");
  }

  private static TarEntry header(
      String path,
      TarEntry.Type type,
      int permissions,
      String target,
      long sizeBytes,
      ExtendedAttributes xattrs) {
    Attributes attributes = new Attributes(permissions, 0, 0, Instant.ofEpochSecond(5), xattrs);
    return new TarEntry(
        ByteString.utf8(path),
        type,
        attributes,
        ByteString.utf8(target),
        sizeBytes,
        0,
        0,
        0,
        0,
        false);
  }
}
