package io.github.container2boot.squashfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.Fifo;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.Socket;
import io.github.container2boot.tree.SymbolicLink;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A tree as lines of text, one for each name, to be compared: everything the format can hold.
final class Listing {
  private Listing() {}

  static List<String> of(FileTree tree) throws IOException {
    List<String> lines = new ArrayList<>();
    IdentityHashMap<Inode, TreePath> first = new IdentityHashMap<>();
    tree.walk((path, inode) -> {
      TreePath same = first.computeIfAbsent(inode, _ -> path);
      lines.add(
          "%s %s %s = %s%s"
              .formatted(
                  path,
                  kind(inode),
                  attributes(inode.attributes()),
                  same,
                  inode.attributes().xattrs().values()));
    });
    lines.sort(null);
    return lines;
  }

  private static Map<ByteString, String> xattrs(Attributes attributes) {
    Map<ByteString, String> shown = new TreeMap<>();
    attributes
        .xattrs()
        .values()
        .forEach((name, value) -> shown.put(name, value.size() + ":" + value.hashCode()));
    return shown;
  }

  /// Fails with only those lines that differ.
  static void assertSame(List<String> found, List<String> expected) {
    List<String> missing = new ArrayList<>(expected);
    missing.removeAll(Set.copyOf(found));
    List<String> unexpected = new ArrayList<>(found);
    unexpected.removeAll(Set.copyOf(expected));
    assertThat(unexpected).as("lines found").isEqualTo(missing).isEmpty();
    assertThat(found).hasSameSizeAs(expected);
  }

  private static String attributes(Attributes attributes) {
    return "%04o %d:%d %d"
        .formatted(
            attributes.permissions(),
            attributes.userId(),
            attributes.groupId(),
            attributes.modified().getEpochSecond());
  }

  private static String kind(Inode inode) throws IOException {
    return switch (inode) {
      case Directory _ -> "directory";
      case RegularFile file -> "file " + file.content().sizeBytes() + " " + hash(file);
      case SymbolicLink link -> "link " + link.target();
      case DeviceNode device ->
          "device " + device.kind() + " " + device.major() + ":" + device.minor();
      case Fifo _ -> "fifo";
      case Socket _ -> "socket";
    };
  }

  private static String hash(RegularFile file) throws IOException {
    MessageDigest digest = sha256();
    byte[] piece = new byte[1 << 16];
    try (var input = file.content().asInputStream()) {
      for (int count = input.read(piece); count > 0; count = input.read(piece)) {
        digest.update(piece, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  static String sha256Of(Path file) throws IOException {
    return HexFormat.of().formatHex(sha256().digest(Files.readAllBytes(file)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// What a mounted or unpacked tree holds, as the same lines; extended attributes are not looked
  /// at.
  static List<String> of(Path root) throws IOException {
    List<String> lines = new ArrayList<>();
    Map<Object, String> first = new HashMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths.sorted()::iterator) {
        lines.add(line(root, path, first));
      }
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
    lines.sort(null);
    return lines;
  }

  private static String line(Path root, Path path, Map<Object, String> first) throws IOException {
    Map<String, Object> found = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
    int mode = (int) found.get("mode");
    String name = path.equals(root) ? "/" : "/" + root.relativize(path);
    boolean directory = (mode & 0170000) == 0040000;
    String same = directory ? name : first.computeIfAbsent(found.get("ino"), _ -> name);
    return "%s %s %04o %d:%d %d = %s"
        .formatted(
            name,
            kind(path, mode, found),
            mode & 07777,
            Integer.toUnsignedLong((int) found.get("uid")),
            Integer.toUnsignedLong((int) found.get("gid")),
            ((FileTime) found.get("lastModifiedTime")).toInstant().getEpochSecond(),
            same);
  }

  private static String kind(Path path, int mode, Map<String, Object> found) throws IOException {
    long device = (long) found.get("rdev");
    long major = device >> 8 & 0xfff;
    long minor = device & 0xff | device >> 12 & 0xfff00;
    return switch (mode & 0170000) {
      case 0040000 -> "directory";
      case 0100000 -> "file " + Files.size(path) + " " + hash(path);
      case 0120000 -> "link " + Files.readSymbolicLink(path);
      case 0020000 -> "device CHARACTER " + major + ":" + minor;
      case 0060000 -> "device BLOCK " + major + ":" + minor;
      case 0010000 -> "fifo";
      case 0140000 -> "socket";
      default -> "unknown";
    };
  }

  private static String hash(Path path) throws IOException {
    MessageDigest digest = sha256();
    try (var input = Files.newInputStream(path)) {
      byte[] piece = new byte[1 << 16];
      for (int count = input.read(piece); count > 0; count = input.read(piece)) {
        digest.update(piece, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  /// The lines without what follows the last brace: the extended attributes.
  static List<String> withoutXattrs(List<String> lines) {
    return lines.stream().map(line -> line.replaceAll("\\{.*}$", "")).toList();
  }
}
