package io.github.container2boot.build;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps other builds out of an output directory for the moment in which names change there.
///
/// The lock is a locked file that exists only while it is held. Whoever waited for it has to make
/// sure that the file it now has locked is still the one with that name, and Java can ask neither
/// for the inode of an open file nor open the file a second time without losing the lock
/// (fcntl(2)). So each owner writes its process id as the file's *length*, which can be asked for
/// by name.
///
/// Where the file system knows no locks, or the directory takes no file, there is none to hold: the
/// renames are atomic by themselves, the lock only keeps a set of them together.
final class DirectoryLock implements Closeable {
  static final String NAME = ".container2boot.lock";

  /// File locks exclude processes, not threads.
  private static final ReentrantLock THREADS = new ReentrantLock();

  private final @Nullable Path path;
  private final @Nullable FileChannel channel;

  private DirectoryLock(@Nullable Path path, @Nullable FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /// Waits until nobody else changes names in `directory`.
  static DirectoryLock acquire(Path directory) {
    THREADS.lock();
    Path path = directory.resolve(NAME);
    try {
      while (true) {
        FileChannel channel =
            FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (isHeld(path, channel)) {
          return new DirectoryLock(path, channel);
        }
        channel.close();
      }
    } catch (IOException noLocksHere) {
      return new DirectoryLock(null, null);
    }
  }

  private static boolean isHeld(Path path, FileChannel channel) throws IOException {
    try {
      channel.lock();
      long token = ProcessHandle.current().pid();
      channel.truncate(0);
      channel.write(ByteBuffer.allocate(1), token - 1);
      return Files.exists(path) && Files.size(path) == token;
    } catch (IOException failed) {
      channel.close();
      Files.deleteIfExists(path);
      throw failed;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      release();
    } finally {
      THREADS.unlock();
    }
  }

  private void release() throws IOException {
    if (path == null || channel == null) {
      return;
    }
    try {
      Files.deleteIfExists(path);
    } finally {
      channel.close();
    }
  }
}
