package io.github.container2boot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where file systems are mounted: `/proc/self/mountinfo`, see proc_pid_mountinfo(5).
final class Mounts {
  private static final Path KERNEL = Path.of("/proc/self/mountinfo");
  private static final int MOUNT_POINT = 4;

  private final List<String> lines;

  Mounts(List<String> lines) {
    this.lines = lines;
  }

  /// Those of this process.
  static Mounts ofThisProcess() throws IOException {
    return new Mounts(Files.readAllLines(KERNEL));
  }

  /// Whether `path` lies on another file system than the root.
  boolean holds(Path path) {
    Path real = path.toAbsolutePath().normalize();
    return lines.stream()
        .map(line -> line.split(" "))
        .filter(fields -> fields.length > MOUNT_POINT)
        .map(fields -> Path.of(unescaped(fields[MOUNT_POINT])))
        .anyMatch(point -> point.getNameCount() > 0 && real.startsWith(point));
  }

  /// Spaces, tabs, line feeds and backslashes are three octal digits behind a backslash.
  private static String unescaped(String field) {
    return field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
