package io.github.container2boot.build;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where the outputs of one build grow until they are complete.
///
/// ```
/// .container2boot-PID-N/   inside the output directory
///   lock                   locked as long as the build lives
///   new/                   the outputs
///   old/                   directories they have replaced
///   scratch/               what a build needs to remember
/// ```
///
/// The kernel unlocks `lock` when its process dies, however it dies. A staging directory with an
/// unlocked lock therefore belongs to nobody: the next build removes it. If it holds an old
/// directory whose name is taken by nothing, its build died between the two renames that replace a
/// directory, and the old one goes back.
final class Staging {
  static final String PREFIX = ".container2boot-";

  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final Path root;
  private final FileChannel lock;

  private Staging(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /// Makes a staging directory in `directory`, after sweeping out abandoned ones.
  static Staging create(Path directory) throws IOException {
    try (DirectoryLock _ = DirectoryLock.acquire(directory)) {
      sweepAbandoned(directory);
      Path root = createRoot(directory);
      try {
        return filled(root);
      } catch (IOException failed) {
        deleteTree(root);
        throw failed;
      }
    }
  }

  private static Staging filled(Path root) throws IOException {
    for (String part : new String[] {"new", "old", "scratch"}) {
      Files.createDirectory(root.resolve(part));
    }
    return new Staging(root, openLocked(root.resolve("lock")));
  }

  private static Path createRoot(Path directory) throws IOException {
    String own = PREFIX + ProcessHandle.current().pid() + "-";
    while (true) {
      Path root = directory.resolve(own + COUNTER.incrementAndGet());
      if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
        return Files.createDirectory(root);
      }
    }
  }

  /// A file system without locks gives none: then nobody else gets one either, and nothing is ever
  /// swept.
  @SuppressWarnings("resource") // A closed channel would drop the lock.
  private static FileChannel openLocked(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lockOrNull(channel);
    return channel;
  }

  private static @Nullable FileLock lockOrNull(FileChannel channel) {
    try {
      return channel.tryLock();
    } catch (IOException | OverlappingFileLockException noLock) {
      return null;
    }
  }

  private static void sweepAbandoned(Path directory) throws IOException {
    String own = PREFIX + ProcessHandle.current().pid() + "-";
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, PREFIX + "*-*")) {
      for (Path root : found) {
        if (!root.getFileName().toString().startsWith(own)) {
          sweepIfAbandoned(directory, root);
        }
      }
    }
  }

  /// Own ones are never looked at: closing any channel of a file drops all locks that this process
  /// has on it (fcntl(2)).
  private static void sweepIfAbandoned(Path directory, Path root) {
    try (FileChannel channel = FileChannel.open(root.resolve("lock"), StandardOpenOption.WRITE)) {
      if (lockOrNull(channel) != null) {
        putBack(root.resolve("old"), directory);
        deleteTree(root);
      }
    } catch (IOException notOurs) {
      // Another user's, or no staging directory at all.
    }
  }

  private static void putBack(Path old, Path directory) throws IOException {
    if (!Files.isDirectory(old, LinkOption.NOFOLLOW_LINKS)) {
      return; // It died before it had one.
    }
    try (Stream<Path> outputs = Files.list(old)) {
      for (Path output : (Iterable<Path>) outputs::iterator) {
        Path target = directory.resolve(output.getFileName());
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
          Files.move(output, target, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
  }

  Path newOutput(String name) {
    return root.resolve("new").resolve(name);
  }

  Path oldOutput(String name) {
    return root.resolve("old").resolve(name);
  }

  Path scratch(String name) {
    Path scratch = root.resolve("scratch");
    return name.isEmpty() ? scratch : scratch.resolve(name);
  }

  /// Brings the names of the new outputs to the disk; their data already is there.
  void sync() throws IOException {
    try (Stream<Path> inside = Files.walk(root.resolve("new"))) {
      for (Path path : (Iterable<Path>) inside::iterator) {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          sync(path);
        }
      }
    }
  }

  /// Brings the names in `directory` to the disk, where the platform lets directories be synced.
  static void sync(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException notHere) {
      // The rename is done; only its moment is left to the kernel.
    }
  }

  /// Removes the directory with everything in it, as far as that goes.
  void delete() {
    deleteTree(root);
    try {
      lock.close();
    } catch (IOException gone) {
      // It was deleted above; nothing is lost with it.
    }
  }

  private static void deleteTree(Path root) {
    try {
      Files.walkFileTree(root, new Deletion());
    } catch (IOException left) {
      // The next build tries again.
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failed) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
        throws IOException {
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
