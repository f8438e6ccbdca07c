package io.github.container2boot.directory;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.tree.FileTree;
import java.io.Closeable;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;

/// A directory as a tree: everything below it on its file system, as it was when it was opened.
///
/// The data of files is read when somebody asks for it, until this is closed; any number of threads
/// may do so.
///
/// ```java
/// try (DirectoryTree directory = DirectoryTree.open(path)) {
///   writer.finish(directory.files());
/// }
/// ```
public final class DirectoryTree implements Closeable {
  private final Problems problems;
  private final int descriptor;
  private final DirectoryScan.Found found;
  private final Deque<DirectoryReader> idle = new ArrayDeque<>();
  private volatile LongConsumer meter = _ -> {};
  private boolean closed;

  private DirectoryTree(Path path) throws DirectoryException {
    this.problems = new Problems(path.toString());
    String obstacle = SystemCalls.obstacle();
    if (!obstacle.isEmpty()) {
      throw new DirectoryException(
          new DirectoryException.NotHere(problems.path(ByteString.empty()), obstacle));
    }
    DirectoryReader reader = new DirectoryReader();
    ByteString root = bytes(path.toAbsolutePath());
    this.descriptor = openRoot(reader.calls(), root);
    this.found = scan(reader.calls(), root);
    idle.push(reader);
  }

  /// Reads the directory at `path`; where that is a symbolic link, what it leads to.
  ///
  /// @throws DirectoryException if something there cannot be read or changes meanwhile
  public static DirectoryTree open(Path path) throws DirectoryException {
    return new DirectoryTree(path);
  }

  /// A path that Java has, it has from these very bytes.
  static ByteString bytes(Path path) {
    Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    return ByteString.of(path.toString().getBytes(charset));
  }

  private int openRoot(SystemCalls calls, ByteString root) throws DirectoryException {
    try {
      return calls.openRoot(root);
    } catch (CallFailed failed) {
      throw problems.explained(ByteString.empty(), failed);
    }
  }

  private DirectoryScan.Found scan(SystemCalls calls, ByteString root) throws DirectoryException {
    boolean read = false;
    try {
      DirectoryScan.Found result = new DirectoryScan(this, calls, root).read();
      read = true;
      return result;
    } finally {
      if (!read) {
        calls.close(descriptor);
      }
    }
  }

  /// All of it. Owners, times and attributes are what the kernel says to this process, marks of
  /// other programs included.
  public FileTree files() {
    return found.files();
  }

  /// How many bytes all files hold, each counted once however many names it has.
  public long sizeBytes() {
    return found.sizeBytes();
  }

  /// From now on tells `told` how many bytes have been read of files.
  public void tell(LongConsumer told) {
    meter = told;
  }

  void wasRead(long countBytes) {
    meter.accept(countBytes);
  }

  Problems problems() {
    return problems;
  }

  int descriptor() {
    return descriptor;
  }

  /// Somebody's means to read, until they are given back.
  synchronized DirectoryReader takeReader() {
    if (closed) {
      throw new IllegalStateException("the directory is closed");
    }
    return idle.isEmpty() ? new DirectoryReader() : idle.pop();
  }

  synchronized void giveBack(DirectoryReader reader) {
    if (closed) {
      reader.close();
    } else {
      idle.push(reader);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      new SystemCalls().close(descriptor);
      idle.forEach(DirectoryReader::close);
      idle.clear();
    }
  }
}
