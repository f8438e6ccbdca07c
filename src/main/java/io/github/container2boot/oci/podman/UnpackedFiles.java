package io.github.container2boot.oci.podman;

import io.github.container2boot.bytes.BulkInputStream;
import io.github.container2boot.bytes.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Reads a layer's files with this user's own rights.
///
/// No symbolic link is followed: every name on the way is opened by itself, in the directory before
/// it. The directories of the last path stay open, as the next file is mostly beside it.
final class UnpackedFiles implements LayerFiles {
  private static final int BUFFER_BYTES = 1 << 17;

  private final ByteString directory;
  private final int root;
  private final List<OpenDirectory> way = new ArrayList<>();
  private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES);
  private int file = -1;
  private boolean closed;

  private record OpenDirectory(ByteString name, int descriptor) {}

  private UnpackedFiles(ByteString directory, int root) {
    this.directory = directory;
    this.root = root;
  }

  static UnpackedFiles open(ByteString directory) throws IOException {
    int root = Posix.openDirectory(directory);
    if (root < 0) {
      throw problem(directory, 0, -root);
    }
    return new UnpackedFiles(directory, root);
  }

  private static IOException problem(ByteString path, long sizeBytes, int error) {
    return error == Posix.ACCESS_DENIED || error == Posix.NOT_PERMITTED
        ? new Denied(path)
        : LayerFiles.changed(path, sizeBytes, "none (error " + error + ")");
  }

  @Override
  public InputStream open(ByteString path, long sizeBytes) throws IOException {
    closeFile();
    List<ByteString> names = LayerFiles.names(path);
    int parent = follow(names.subList(0, names.size() - 1), path, sizeBytes);
    int opened = Posix.openFile(parent, names.getLast());
    if (opened < 0) {
      throw problem(path, sizeBytes, -opened);
    }
    file = opened;
    long found = Posix.sizeBytes(file);
    if (found != sizeBytes) {
      throw LayerFiles.changed(path, sizeBytes, found < 0 ? "no file" : "%d".formatted(found));
    }
    return new FileStream(path, sizeBytes);
  }

  private int follow(List<ByteString> names, ByteString path, long sizeBytes) throws IOException {
    int shared = 0;
    while (shared < Math.min(names.size(), way.size())
        && way.get(shared).name.equals(names.get(shared))) {
      shared++;
    }
    leave(shared);
    int parent = way.isEmpty() ? root : way.getLast().descriptor;
    for (ByteString name : names.subList(shared, names.size())) {
      int opened = Posix.openDirectory(parent, name);
      if (opened < 0) {
        throw problem(path, sizeBytes, -opened);
      }
      way.add(new OpenDirectory(name, opened));
      parent = opened;
    }
    return parent;
  }

  private void leave(int kept) {
    while (way.size() > kept) {
      Posix.close(way.removeLast().descriptor);
    }
  }

  private void closeFile() {
    if (file >= 0) {
      Posix.close(file);
      file = -1;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      closeFile();
      leave(0);
      Posix.close(root);
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }

  private final class FileStream extends BulkInputStream {
    private final ByteString path;
    private final long sizeBytes;
    private long position;

    FileStream(ByteString path, long sizeBytes) {
      this.path = path;
      this.sizeBytes = sizeBytes;
    }

    @Override
    protected int readSome(byte[] target, int offset, int count) throws IOException {
      if (position == sizeBytes) {
        return -1;
      }
      long wanted = Math.min(Math.min(count, BUFFER_BYTES), sizeBytes - position);
      long read = Posix.read(file, buffer, wanted, position);
      if (read <= 0 && wanted > 0) {
        throw LayerFiles.changed(path, sizeBytes, "only %d".formatted(position));
      }
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, target, offset, (int) read);
      position += read;
      return (int) read;
    }
  }
}
