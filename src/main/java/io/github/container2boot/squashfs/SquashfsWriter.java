package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.IdentityHashMap;
import java.util.Objects;

/// Writes an image file as a stream: first the data of files, in any order and with nothing known
/// of the tree, then the tree itself.
///
/// Data is compressed on several threads while the next is read; the bytes written do not depend on
/// how many. A failure of any of them surfaces from the call that finds it, as an [IOException]
/// with its cause; no call works after that. A writer is for one thread.
///
/// ```java
/// try (BlockWorkers workers = BlockWorkers.start(options);
///     SquashfsWriter writer = SquashfsWriter.create(file, workers)) {
///   StoredFile passwd = writer.store(archive::transferTo);
///   writer.finish(treeWith(passwd));
/// }
/// ```
public final class SquashfsWriter implements Closeable {
  private final FileChannel target;
  private final SquashfsOptions options;
  private final DataWriter data;

  private SquashfsWriter(FileChannel target, BlockWorkers workers) {
    this.target = target;
    this.options = workers.options();
    this.data = new DataWriter(target, ImageTables.headBytes(options), workers);
  }

  /// Where the data of a file comes from: something that hands all of it to a sink, once. Holes
  /// that arrive as holes cost nothing, whatever their size.
  @FunctionalInterface
  public interface Transfer {
    void transferTo(Content.Sink sink) throws IOException;
  }

  /// A writer of an image that begins at the start of `target`, which must be open for reading too
  /// and is not closed by the writer.
  ///
  /// @param workers compress its blocks, and stay open until it is closed
  public static SquashfsWriter create(FileChannel target, BlockWorkers workers) {
    return new SquashfsWriter(target, workers);
  }

  /// Stores the data of a file, once if the same data has been stored before.
  ///
  /// @return the data, to be placed in the tree: in any number of files, or in none
  /// @throws SquashfsLimitException if the image would have too many blocks
  public StoredFile store(Transfer source) throws IOException {
    return data.store(source);
  }

  /// Completes the image. Files of `tree` whose content was not stored here are stored first, in
  /// the order of their paths.
  ///
  /// @throws SquashfsLimitException if the tree does not fit the format
  public void finish(FileTree tree) throws IOException {
    IdentityHashMap<Content, StoredFile> stored = new IdentityHashMap<>();
    storeForeign(tree.root(), stored);
    data.finish();
    ImageTables image =
        ImageTables.of(
            tree,
            file -> Objects.requireNonNull(stored.get(file.content())).placement(),
            data.fragments(),
            data.positionBytes(),
            options);
    write(image.tables(), data.positionBytes());
    write(image.head(), 0);
    target.truncate(data.positionBytes() + image.tables().limit());
  }

  private void storeForeign(Directory directory, IdentityHashMap<Content, StoredFile> stored)
      throws IOException {
    for (Inode inode : directory.entries().values()) {
      if (inode instanceof Directory below) {
        storeForeign(below, stored);
      } else if (inode instanceof RegularFile file && !stored.containsKey(file.content())) {
        stored.put(file.content(), storedHere(file.content()));
      }
    }
  }

  private StoredFile storedHere(Content content) throws IOException {
    return data.wrote(content) ? (StoredFile) content : data.store(content::transferTo);
  }

  private void write(ByteBuffer bytes, long offsetBytes) throws IOException {
    ByteBuffer left = bytes.duplicate();
    long position = offsetBytes;
    while (left.hasRemaining()) {
      position += target.write(left, position);
    }
  }

  /// Waits for what is being compressed and written, and drops the rest. An image that was not
  /// finished is of no use.
  @Override
  public void close() {
    data.close();
  }
}
