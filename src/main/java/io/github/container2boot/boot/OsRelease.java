package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What the root file system says it is: os-release(5).
///
/// Values are text from the image and may hold anything but control characters, which are left out.
///
/// @param values names to values, unquoted
public record OsRelease(Map<String, String> values) {
  /// Where it lies, in the order in which os-release(5) has it looked for.
  static final List<String> PATHS = List.of("/etc/os-release", "/usr/lib/os-release");

  static final int MAX_BYTES = 1 << 16;

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  public OsRelease {
    values = Map.copyOf(values);
  }

  /// The os-release of a root file system.
  ///
  /// @throws BootException with [BootProblem.NoOsRelease] if there is none
  /// @throws FormatException if it is larger than 64 KiB
  public static OsRelease of(FileTree root) throws IOException, BootException {
    for (String path : PATHS) {
      if (root.follow(path).orElse(null) instanceof RegularFile file) {
        return read(path, file.content());
      }
    }
    throw new BootException(new BootProblem.NoOsRelease(PATHS));
  }

  private static OsRelease read(String path, Content content) throws IOException {
    if (content.sizeBytes() > MAX_BYTES) {
      throw FormatException.unsupported(
          "%s: expected at most %d bytes, found %d"
              .formatted(path, MAX_BYTES, content.sizeBytes()));
    }
    return parse(content.toByteArray());
  }

  /// Reads lines of `NAME=value`. As systemd does, what is no assignment is passed over: the file
  /// is a shell script that people edit.
  public static OsRelease parse(byte[] text) {
    Map<String, String> values = new TreeMap<>();
    for (String line : new String(text, UTF_8).split("\n", -1)) {
      String assignment = line.strip();
      int equals = assignment.indexOf('=');
      if (equals > 0 && NAME.matcher(assignment.substring(0, equals)).matches()) {
        values.put(
            assignment.substring(0, equals),
            ShellText.withoutControls(ShellText.unquoted(assignment.substring(equals + 1))));
      }
    }
    return new OsRelease(values);
  }

  /// The distribution, lower case: `debian`. `linux` where it is missing, as os-release(5) says, or
  /// where it could not be the name of a directory.
  public String id() {
    return get("ID").filter(id -> ID.matcher(id).matches()).orElse("linux");
  }

  /// Distributions this one derives from, the closest first.
  public List<String> idLike() {
    return get("ID_LIKE").map(like -> List.of(like.strip().split("\\s+"))).orElse(List.of());
  }

  public Optional<String> versionId() {
    return get("VERSION_ID");
  }

  public Optional<String> imageId() {
    return get("IMAGE_ID");
  }

  public Optional<String> imageVersion() {
    return get("IMAGE_VERSION");
  }

  /// The name for people, with os-release(5)'s default.
  public String prettyName() {
    return get("PRETTY_NAME").or(() -> get("NAME")).orElse("Linux");
  }

  /// Which family of distributions this is.
  public Distribution distribution() {
    return Distribution.of(this);
  }

  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }
}
