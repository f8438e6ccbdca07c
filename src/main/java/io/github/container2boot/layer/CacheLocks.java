package io.github.container2boot.layer;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Who is making which layer image: one byte of one file is locked for each.
///
/// The kernel drops a process's locks on a file when the process closes any channel of it
/// (fcntl(2)), so there is one for all. Locks are asked for again and again instead of being waited
/// for: the kernel takes several threads of two processes that wait for each other for a deadlock.
final class CacheLocks implements Closeable {
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50);

  private final FileChannel file;

  private CacheLocks(FileChannel file) {
    this.file = file;
  }

  static CacheLocks open(Path path) throws IOException {
    return new CacheLocks(
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
  }

  /// A lock, or on a file system that has none, nothing.
  record Held(@Nullable FileLock lock) implements Closeable {
    @Override
    public void close() throws IOException {
      if (lock != null) {
        lock.release();
      }
    }
  }

  /// Waits until nobody else makes the image of `key`.
  Held acquire(ImageKey key) throws IOException {
    while (true) {
      try {
        Held held = tryAcquire(key);
        if (held != null) {
          return held;
        }
      } catch (IOException noLocksHere) {
        return new Held(null);
      }
      pause();
    }
  }

  /// The lock, or null while somebody else has it.
  ///
  /// @throws IOException if the file system has no locks
  @Nullable Held tryAcquire(ImageKey key) throws IOException {
    try {
      FileLock lock = file.tryLock(position(key), 1, false);
      return lock == null ? null : new Held(lock);
    } catch (OverlappingFileLockException otherThread) {
      return null;
    }
  }

  /// Two keys with the same position only wait for each other.
  private static long position(ImageKey key) {
    long digest = Long.parseLong(key.digest().hex().substring(0, 15), 16);
    return digest ^ Integer.toUnsignedLong(key.fileName().hashCode());
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(BETWEEN_ATTEMPTS);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("stopped").initCause(interruption);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
