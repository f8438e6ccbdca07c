package io.github.container2boot.directory;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.tree.FileName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A directory that was found: its name in the one above, and what it was then. One directory is
/// one Place.
final class Place {
  private static final ByteString SLASH = ByteString.utf8("/");

  private final @Nullable Place parent;
  private final ByteString name;
  private final FileStatus status;
  private final int depth;
  private final int pathBytes;

  private Place(
      @Nullable Place parent, ByteString name, FileStatus status, int depth, int pathBytes) {
    this.parent = parent;
    this.name = name;
    this.status = status;
    this.depth = depth;
    this.pathBytes = pathBytes;
  }

  static Place root(FileStatus status) {
    return new Place(null, ByteString.empty(), status, 0, 0);
  }

  Place child(FileName entry, FileStatus found) {
    return new Place(this, entry.bytes(), found, depth + 1, pathBytesOf(entry));
  }

  boolean isRoot() {
    return parent == null;
  }

  /// Its name; the root's is empty.
  ByteString name() {
    return name;
  }

  FileStatus status() {
    return status;
  }

  /// How many directories are above it.
  int depth() {
    return depth;
  }

  /// How long the path of an entry is, with a slash in front.
  int pathBytesOf(FileName entry) {
    return pathBytes + 1 + entry.bytes().size();
  }

  /// The directories that lead here: the root first, this last.
  List<Place> way() {
    Deque<Place> way = new ArrayDeque<>();
    for (Place place = this; place != null; place = place.parent) {
      way.addFirst(place);
    }
    return new ArrayList<>(way);
  }

  /// Where this lies below the root: nothing, or `/usr/share`.
  ByteString path() {
    byte[] path = new byte[pathBytes];
    int end = pathBytes;
    for (Place place = this; place.parent != null; place = place.parent) {
      int size = place.name.size();
      place.name.asByteBuffer().get(path, end - size, size);
      end -= size + 1;
      path[end] = '/';
    }
    return ByteString.of(path);
  }

  ByteString path(ByteString entry) {
    return path().concat(SLASH).concat(entry);
  }
}
