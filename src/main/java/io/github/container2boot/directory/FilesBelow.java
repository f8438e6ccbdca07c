package io.github.container2boot.directory;

import io.github.container2boot.bytes.ByteString;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Single files below a directory, for who knows their paths and not what else is there.
///
/// No symbolic link is followed: every name on the way is opened by itself, in the directory before
/// it, which need not be readable for that. The directories of the last path stay open, as the next
/// file is mostly beside it. One file is open at a time, for one thread at a time.
public final class FilesBelow implements Closeable {
  private static final int BUFFER_BYTES = 1 << 17;
  private static final int NONE = -1;

  private final Problems problems;
  private final SystemCalls calls = new SystemCalls();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final int root;
  private final List<OpenDirectory> way = new ArrayList<>();
  private ByteString path = ByteString.empty();
  private int file = NONE;
  private boolean closed;

  private record OpenDirectory(ByteString name, int descriptor) {}

  private FilesBelow(Path directory) throws DirectoryException {
    this.problems = new Problems(directory.toString());
    try {
      this.root = calls.passRoot(DirectoryTree.bytes(directory.toAbsolutePath()));
    } catch (CallFailed failed) {
      throw problems.explained(path, failed);
    }
  }

  /// Whether this machine has the calls for it.
  public static boolean isPossible() {
    return SystemCalls.obstacle().isEmpty();
  }

  /// The files below `directory`; where that is a symbolic link, below what it leads to.
  ///
  /// @throws DirectoryException if this user may not go there, or it is no directory
  public static FilesBelow open(Path directory) throws DirectoryException {
    return new FilesBelow(directory);
  }

  /// Opens a regular file, and closes the one before.
  ///
  /// @param names on the way to it, and its own
  /// @return how large it is
  /// @throws DirectoryException if this user may not read it, or it is not there
  public long openFile(List<ByteString> names) throws DirectoryException {
    closeFile();
    path = joined(names);
    try {
      file = calls.openFile(follow(names.subList(0, names.size() - 1)), names.getLast());
      FileStatus status = calls.status(file);
      if (status.type() != FileStatus.Type.REGULAR) {
        throw problems.changed(path, "was replaced");
      }
      return status.sizeBytes();
    } catch (CallFailed failed) {
      throw problems.explained(path, failed);
    }
  }

  private static ByteString joined(List<ByteString> names) {
    ByteString slash = ByteString.utf8("/");
    ByteString joined = ByteString.empty();
    for (ByteString name : names) {
      joined = joined.concat(slash).concat(name);
    }
    return joined;
  }

  private int follow(List<ByteString> names) throws CallFailed {
    int shared = 0;
    while (shared < Math.min(names.size(), way.size())
        && way.get(shared).name.equals(names.get(shared))) {
      shared++;
    }
    leave(shared);
    int parent = way.isEmpty() ? root : way.getLast().descriptor;
    for (ByteString name : names.subList(shared, names.size())) {
      parent = calls.passDirectory(parent, name);
      way.add(new OpenDirectory(name, parent));
    }
    return parent;
  }

  private void leave(int kept) {
    while (way.size() > kept) {
      calls.close(way.removeLast().descriptor);
    }
  }

  /// Reads from `offsetBytes` of the file that was opened last.
  ///
  /// @return how many bytes; 0 at its end
  public int read(long offsetBytes, byte[] target, int offset, int count)
      throws DirectoryException {
    try {
      buffer.clear().limit(Math.min(count, BUFFER_BYTES));
      int read = calls.read(file, offsetBytes, buffer);
      buffer.get(target, offset, read);
      return read;
    } catch (CallFailed failed) {
      throw problems.explained(path, failed);
    }
  }

  private void closeFile() {
    if (file != NONE) {
      calls.close(file);
      file = NONE;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      closeFile();
      leave(0);
      calls.close(root);
    }
  }
}
