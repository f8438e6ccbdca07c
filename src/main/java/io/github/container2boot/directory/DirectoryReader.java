package io.github.container2boot.directory;

import io.github.container2boot.bytes.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What one thread reads a directory with: calls, a buffer, and the directories that lead to the
/// file it read last, open. Files read in the order of their paths are a call away.
final class DirectoryReader {
  private static final int BUFFER_BYTES = 1 << 18;

  private final SystemCalls calls = new SystemCalls();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final List<OpenDirectory> open = new ArrayList<>();

  /// A directory and its descriptor.
  private record OpenDirectory(Place place, int descriptor) {}

  SystemCalls calls() {
    return calls;
  }

  /// Room for what is read.
  ByteBuffer buffer() {
    return buffer.clear();
  }

  /// Opens `file` of the directory `place`.
  ///
  /// @param root the descriptor of the root
  /// @throws DirectoryException if the way to it is not what it was
  int openFile(int root, Place place, ByteString file, Problems problems)
      throws DirectoryException {
    int parent = descriptor(root, place, problems);
    try {
      return calls.openFile(parent, file);
    } catch (CallFailed failed) {
      throw problems.explained(place.path(file), failed);
    }
  }

  private int descriptor(int root, Place place, Problems problems) throws DirectoryException {
    if (place.isRoot()) {
      return root;
    }
    if (open.isEmpty() || open.getLast().place() != place) {
      openWay(root, place, problems);
    }
    return open.getLast().descriptor();
  }

  private void openWay(int root, Place place, Problems problems) throws DirectoryException {
    List<Place> way = place.way().subList(1, place.depth() + 1);
    int common = 0;
    while (common < Math.min(open.size(), way.size())
        && open.get(common).place() == way.get(common)) {
      common++;
    }
    closeFrom(common);
    for (Place next : way.subList(common, way.size())) {
      int parent = open.isEmpty() ? root : open.getLast().descriptor();
      open.add(new OpenDirectory(next, openDirectory(parent, next, problems)));
    }
  }

  private int openDirectory(int parent, Place place, Problems problems) throws DirectoryException {
    try {
      int descriptor = calls.openDirectory(parent, place.name());
      if (!calls.status(descriptor).isSameFile(place.status())) {
        calls.close(descriptor);
        throw problems.changed(place.path(), "was replaced");
      }
      return descriptor;
    } catch (CallFailed failed) {
      throw problems.explained(place.path(), failed);
    }
  }

  private void closeFrom(int index) {
    List<OpenDirectory> closing = open.subList(index, open.size());
    closing.forEach(directory -> calls.close(directory.descriptor()));
    closing.clear();
  }

  void close() {
    closeFrom(0);
  }
}
