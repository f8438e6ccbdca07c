package io.github.container2boot.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Everything there is to know about each path of a directory or of a [FileTree], to compare one
/// with another.
///
/// A directory is read by stat, readlink, getfattr and sha256sum, so that the kernel says what is
/// there, whatever file system it is. Times are whole seconds, as SquashFS has them.
///
/// @param entries by path, relative to the root, which is `.`
public record Listing(NavigableMap<ByteString, Entry> entries) {
  private static final HexFormat HEX = HexFormat.of();

  /// One path.
  ///
  /// @param type as `ls -l` and `find -printf %y` show it: `f`, `d`, `l`, `c`, `b`, `p`, `s`
  /// @param content a file's SHA-256, a link's target, a device's numbers in hexadecimal
  /// @param xattrs names to values in hexadecimal
  /// @param firstLink the first path of the same inode
  public record Entry(
      char type,
      int permissions,
      long userId,
      long groupId,
      long modifiedSeconds,
      long sizeBytes,
      String content,
      NavigableMap<String, String> xattrs,
      ByteString firstLink) {

    Entry withXattrs(NavigableMap<String, String> changed) {
      return new Entry(
          type,
          permissions,
          userId,
          groupId,
          modifiedSeconds,
          sizeBytes,
          content,
          changed,
          firstLink);
    }

    Entry withModified(long seconds) {
      return new Entry(
          type, permissions, userId, groupId, seconds, sizeBytes, content, xattrs, firstLink);
    }

    @Override
    public String toString() {
      return "%s%04o %d:%d %d s, %d bytes, %s, %s, = %s"
          .formatted(
              type,
              permissions,
              userId,
              groupId,
              modifiedSeconds,
              sizeBytes,
              content,
              xattrs,
              firstLink);
    }
  }

  /// What is in `directory`. Needs root to see everything.
  public static Listing read(Path directory) {
    Map<ByteString, String> contents = contents(directory);
    Map<ByteString, NavigableMap<String, String>> xattrs = xattrs(directory);
    Map<String, ByteString> firstLinks = new HashMap<>();
    NavigableMap<ByteString, List<ByteString>> stats = stats(directory);
    NavigableMap<ByteString, Entry> entries = new TreeMap<>();
    stats.forEach((path, stat) -> {
      int mode = Integer.parseInt(stat.get(0).toString(), 16);
      char type = typeOf(mode);
      ByteString first =
          type == 'd' ? path : firstLinks.computeIfAbsent(stat.get(5).toString(), _ -> path);
      boolean device = type == 'c' || type == 'b';
      entries.put(
          path,
          new Entry(
              type,
              mode & 0_7777,
              Long.parseLong(stat.get(1).toString()),
              Long.parseLong(stat.get(2).toString()),
              Long.parseLong(stat.get(3).toString()),
              type == 'f' ? Long.parseLong(stat.get(4).toString()) : 0,
              device ? stat.get(6).toString() : contents.getOrDefault(path, ""),
              xattrs.getOrDefault(path, new TreeMap<>()),
              first));
    });
    return new Listing(entries);
  }

  private static NavigableMap<ByteString, List<ByteString>> stats(Path directory) {
    String format = "%n\\0%f\\0%u\\0%g\\0%Y\\0%s\\0%d:%i\\0%t:%T\\0";
    List<ByteString> fields =
        fields(directory, "find . -print0 | xargs -0 -r stat --printf='" + format + "'");
    NavigableMap<ByteString, List<ByteString>> stats = new TreeMap<>();
    for (int index = 0; index < fields.size(); index += 8) {
      stats.put(fields.get(index), fields.subList(index + 1, index + 8));
    }
    return stats;
  }

  private static Map<ByteString, String> contents(Path directory) {
    Map<ByteString, String> contents = new HashMap<>();
    for (ByteString line : fields(directory, "find . -type f -print0 | xargs -0 -r sha256sum -z")) {
      contents.put(line.substring(66), line.substring(0, 64).toString());
    }
    List<ByteString> links = fields(directory, "find . -type l -printf '%p\\0%l\\0'");
    for (int index = 0; index < links.size(); index += 2) {
      contents.put(links.get(index), links.get(index + 1).toString());
    }
    return contents;
  }

  /// What `script` prints, split at each NUL.
  private static List<ByteString> fields(Path directory, String script) {
    byte[] output = output(directory, script);
    List<ByteString> fields = new ArrayList<>();
    int begin = 0;
    for (int index = 0; index < output.length; index++) {
      if (output[index] == 0) {
        fields.add(ByteString.of(output, begin, index - begin));
        begin = index + 1;
      }
    }
    if (begin != output.length) {
      throw new AssertionError(script + ": " + new String(output, ISO_8859_1));
    }
    return fields;
  }

  private static byte[] output(Path directory, String script) {
    Tools.Result result = Tools.execute(directory, "sh", "-c", script);
    if (result.exitCode() != 0) {
      throw new AssertionError(script + ": " + result.text());
    }
    return result.output();
  }

  private static Map<ByteString, NavigableMap<String, String>> xattrs(Path directory) {
    Map<ByteString, NavigableMap<String, String>> xattrs = new HashMap<>();
    NavigableMap<String, String> current = new TreeMap<>();
    Tools.Result result =
        Tools.execute(directory, "getfattr", "-R", "-P", "-h", "-d", "-m", "-", "-e", "hex", ".");
    for (String line : new String(result.output(), ISO_8859_1).split("\n")) {
      if (line.startsWith("getfattr: ")) {
        requireUnsupported(line);
      } else if (line.startsWith("# file: ")) {
        current = new TreeMap<>();
        ByteString path = unescaped(line.substring(8));
        xattrs.put(
            path.equals(ByteString.utf8(".")) ? path : ByteString.utf8("./").concat(path), current);
      } else if (!line.isEmpty()) {
        int equals = line.indexOf('=');
        String name = equals < 0 ? line : line.substring(0, equals);
        current.put(name, equals < 0 ? "" : line.substring(equals + 1).replaceFirst("^0x", ""));
      }
    }
    return xattrs;
  }

  /// A SquashFS image without any attribute says that it supports none.
  private static void requireUnsupported(String complaint) {
    if (!complaint.endsWith(": Operation not supported")) {
      throw new AssertionError(complaint);
    }
  }

  /// getfattr writes what is not printable as `\ooo`.
  private static ByteString unescaped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int index = 0; index < text.length(); index++) {
      if (text.charAt(index) == '\\') {
        bytes.write(Integer.parseInt(text.substring(index + 1, index + 4), 8));
        index += 3;
      } else {
        bytes.write(text.charAt(index));
      }
    }
    ByteString path = ByteString.of(bytes.toByteArray());
    return path.startsWith(ByteString.utf8("./")) ? path.substring(2) : path;
  }

  private static char typeOf(int mode) {
    return switch (mode & 0_170000) {
      case 0_140000 -> 's';
      case 0_120000 -> 'l';
      case 0_100000 -> 'f';
      case 0_060000 -> 'b';
      case 0_040000 -> 'd';
      case 0_020000 -> 'c';
      case 0_010000 -> 'p';
      default -> throw new AssertionError("mode 0%o".formatted(mode));
    };
  }

  /// What is in `tree`.
  public static Listing of(FileTree tree) throws IOException {
    NavigableMap<ByteString, Entry> entries = new TreeMap<>();
    Map<Inode, ByteString> firstLinks = new IdentityHashMap<>();
    NavigableMap<ByteString, Inode> inodes = new TreeMap<>();
    tree.walk((path, inode) ->
        inodes.put(
            path.isRoot() ? ByteString.utf8(".") : ByteString.utf8(".").concat(path.toByteString()),
            inode));
    for (Map.Entry<ByteString, Inode> found : inodes.entrySet()) {
      Inode inode = found.getValue();
      firstLinks.putIfAbsent(inode, found.getKey());
      Attributes attributes = inode.attributes();
      NavigableMap<String, String> xattrs = new TreeMap<>();
      attributes
          .xattrs()
          .values()
          .forEach(
              (name, value) -> xattrs.put(name.toString(), HEX.formatHex(value.toByteArray())));
      entries.put(
          found.getKey(),
          new Entry(
              typeOf(inode),
              attributes.permissions(),
              attributes.userId(),
              attributes.groupId(),
              attributes.modified().getEpochSecond(),
              inode instanceof RegularFile file ? file.content().sizeBytes() : 0,
              contentOf(inode),
              xattrs,
              firstLinks.get(inode)));
    }
    return new Listing(entries);
  }

  private static char typeOf(Inode inode) {
    return switch (inode) {
      case Directory _ -> 'd';
      case RegularFile _ -> 'f';
      case SymbolicLink _ -> 'l';
      case DeviceNode device ->
          switch (device.kind()) {
            case CHARACTER -> 'c';
            case BLOCK -> 'b';
          };
      case Fifo _ -> 'p';
      case Socket _ -> 's';
    };
  }

  private static String contentOf(Inode inode) throws IOException {
    return switch (inode) {
      case RegularFile file -> sha256(file.content().asInputStream());
      case SymbolicLink link -> link.target().toString();
      case DeviceNode device -> "%x:%x".formatted(device.major(), device.minor());
      case Directory _, Fifo _, Socket _ -> "";
    };
  }

  private static String sha256(InputStream content) throws IOException {
    try (DigestInputStream stream =
        new DigestInputStream(content, MessageDigest.getInstance("SHA-256"))) {
      stream.transferTo(java.io.OutputStream.nullOutputStream());
      return HEX.formatHex(stream.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /// Without the entry of `path`.
  public Listing without(ByteString path) {
    NavigableMap<ByteString, Entry> kept = new TreeMap<>(entries);
    kept.remove(path);
    return new Listing(kept);
  }

  /// Without the extended attributes whose name `omitted` accepts.
  public Listing withoutXattrs(Predicate<String> omitted) {
    return map(entry -> {
      NavigableMap<String, String> kept = new TreeMap<>(entry.xattrs());
      kept.keySet().removeIf(omitted);
      return entry.withXattrs(kept);
    });
  }

  /// With the times of directories left out: extractors set them as they come.
  public Listing withoutDirectoryTimes() {
    return map(entry -> entry.type() == 'd' ? entry.withModified(0) : entry);
  }

  private Listing map(UnaryOperator<Entry> change) {
    NavigableMap<ByteString, Entry> changed = new TreeMap<>(entries);
    changed.replaceAll((_, entry) -> change.apply(entry));
    return new Listing(changed);
  }

  /// A line for each path that is not the same in both.
  public List<String> differences(Listing other) {
    NavigableSet<ByteString> paths = new TreeSet<>(entries.keySet());
    paths.addAll(other.entries.keySet());
    List<String> differences = new ArrayList<>();
    for (ByteString path : paths) {
      Entry ours = entries.get(path);
      Entry theirs = other.entries.get(path);
      if (ours == null || !ours.equals(theirs)) {
        differences.add("%s:%n  %s%n  %s".formatted(path, ours, theirs));
      }
    }
    return differences;
  }
}
