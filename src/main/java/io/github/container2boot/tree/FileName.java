package io.github.container2boot.tree;

import io.github.container2boot.bytes.ByteString;

/// One component of a path: any bytes but NUL and `/`, and neither empty nor `.` nor `..`.
public record FileName(ByteString bytes) implements Comparable<FileName> {
  /// The longest name Linux knows, in bytes (NAME_MAX).
  public static final int MAX_BYTES = 255;

  public FileName {
    String problem = problem(bytes);
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException("file name \"" + bytes + "\" " + problem);
    }
  }

  public static FileName of(String name) {
    return new FileName(ByteString.utf8(name));
  }

  /// Why `bytes` cannot be a file name, or the empty string where they can.
  public static String problem(ByteString bytes) {
    if (bytes.isEmpty()) {
      return "is empty";
    }
    if (bytes.size() > MAX_BYTES) {
      return "is longer than 255 bytes";
    }
    if (bytes.indexOf((byte) 0, 0) >= 0) {
      return "holds a NUL";
    }
    if (bytes.indexOf((byte) '/', 0) >= 0) {
      return "holds a /";
    }
    boolean dots = bytes.at(0) == '.' && bytes.at(bytes.size() - 1) == '.' && bytes.size() <= 2;
    return dots ? "means a directory, not a name" : "";
  }

  public boolean is(String name) {
    return bytes.equals(ByteString.utf8(name));
  }

  @Override
  public int compareTo(FileName other) {
    return bytes.compareTo(other.bytes);
  }

  /// The name for people, see [ByteString#toString].
  @Override
  public String toString() {
    return bytes.toString();
  }
}
