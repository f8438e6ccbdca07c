package io.github.container2boot.layer;

import io.github.container2boot.bytes.Content;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Layer images made before, in a directory of the user's.
///
/// Any number of processes may share a directory. What is in it is complete, and is checked before
/// it is used; docs/decisions/0008-layer-cache.md says how. Thread-safe. Images stay readable until
/// the cache is closed, whatever other processes do.
public final class LayerCache implements Closeable {
  private final CacheDirectory directory;
  private final long limitBytes;
  private final CacheLocks locks;
  private final Consumer<String> warnings;

  /// By the names of files.
  private final Map<String, ReentrantLock> threads = new ConcurrentHashMap<>();

  private final Map<String, Used> used = new ConcurrentHashMap<>();

  private LayerCache(
      CacheDirectory directory, long limitBytes, CacheLocks locks, Consumer<String> warnings) {
    this.directory = directory;
    this.limitBytes = limitBytes;
    this.locks = locks;
    this.warnings = warnings;
  }

  /// Writes the image of a layer.
  @FunctionalInterface
  public interface Maker {
    void make(FileChannel target) throws IOException;
  }

  /// An image this process uses.
  private record Used(FileChannel file, Content image) {}

  /// Opens the cache in `directory`, which is made if there is none.
  ///
  /// @param limitBytes how large it may be once it is closed; empty:
  ///   [CacheDirectory#defaultLimitBytes]
  /// @param warnings is told what was damaged and is made anew
  /// @throws CacheException if this user cannot keep anything there
  public static LayerCache open(
      CacheDirectory directory, OptionalLong limitBytes, Consumer<String> warnings)
      throws CacheException {
    try {
      directory.create();
      long limit = limitBytes.orElseGet(directory::defaultLimitBytes);
      CacheLocks locks = CacheLocks.open(directory.lock());
      directory.sweep(locks);
      return new LayerCache(directory, limit, locks, warnings);
    } catch (IOException failed) {
      throw CacheException.of(directory.path(), failed);
    }
  }

  /// The image of `key`: the one in the cache, or else what `maker` makes, which is then kept.
  ///
  /// @throws CacheException if the cache itself fails; what `maker` throws comes through as it is
  public Content image(ImageKey key, Maker maker) throws IOException {
    ReentrantLock thread = threads.computeIfAbsent(key.fileName(), _ -> new ReentrantLock());
    thread.lock();
    try {
      Optional<Content> found = findLocked(key);
      return found.isPresent() ? found.get() : foundOrMade(key, maker);
    } finally {
      thread.unlock();
    }
  }

  /// The image of `key`, if it is in the cache.
  ///
  /// @throws CacheException if the cache itself fails
  public Optional<Content> find(ImageKey key) throws IOException {
    ReentrantLock thread = threads.computeIfAbsent(key.fileName(), _ -> new ReentrantLock());
    thread.lock();
    try {
      return findLocked(key);
    } finally {
      thread.unlock();
    }
  }

  private Content foundOrMade(ImageKey key, Maker maker) throws IOException {
    try (CacheLocks.Held _ = locks.acquire(key)) {
      Optional<Content> madeMeanwhile = findLocked(key);
      return madeMeanwhile.isPresent() ? madeMeanwhile.get() : make(key, maker);
    }
  }

  private Optional<Content> findLocked(ImageKey key) throws IOException {
    Used before = used.get(key.fileName());
    if (before != null) {
      return Optional.of(before.image);
    }
    Path path = directory.file(key);
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      return Optional.of(use(key, path));
    } catch (NoSuchFileException prunedMeanwhile) {
      return Optional.empty();
    } catch (IOException problem) {
      requireUninterrupted(problem);
      warnings.accept(
          "the cache held a damaged %s, which is made anew: %s"
              .formatted(key.name(), problem.getMessage()));
      remove(path);
      return Optional.empty();
    }
  }

  /// An image that somebody stopped reading is as good as it was.
  private static void requireUninterrupted(IOException problem) throws IOException {
    if (problem instanceof ClosedChannelException || Thread.currentThread().isInterrupted()) {
      throw problem;
    }
  }

  @SuppressWarnings("resource") // Stays open as long as the image is used.
  private Content use(ImageKey key, Path path) throws IOException {
    Owner.requireTrustedFile(path);
    FileChannel file = FileChannel.open(path);
    try {
      lockForUse(file);
      Content image = Seal.check(file, key.fileName());
      noteUse(path);
      used.put(key.fileName(), new Used(file, image));
      return image;
    } catch (IOException | RuntimeException problem) {
      file.close();
      throw problem;
    }
  }

  /// Keeps it from being pruned. Where that cannot be had, an open file outlives its name.
  private static void lockForUse(FileChannel file) {
    try {
      file.tryLock(0, Long.MAX_VALUE, true);
    } catch (IOException | OverlappingFileLockException noLock) {
      // Nothing is lost but the place on the disk, which is freed later.
    }
  }

  private static void noteUse(Path path) {
    try {
      Files.setLastModifiedTime(path, FileTime.from(Instant.now()));
    } catch (IOException readOnly) {
      // Then nobody prunes it either.
    }
  }

  private void remove(Path path) throws CacheException {
    try {
      Files.deleteIfExists(path);
    } catch (IOException failed) {
      throw CacheException.of(directory.path(), failed);
    }
  }

  @SuppressWarnings("resource") // Stays open as long as the image is used.
  private Content make(ImageKey key, Maker maker) throws IOException {
    Path partial = directory.partial(key);
    FileChannel file = create(partial);
    try {
      maker.make(file);
      Content image = Content.ofFile(file, 0, file.size());
      keep(key, partial, file);
      used.put(key.fileName(), new Used(file, image));
      return image;
    } catch (IOException | RuntimeException | Error problem) {
      file.close();
      Files.deleteIfExists(partial);
      throw problem;
    }
  }

  private FileChannel create(Path partial) throws CacheException {
    try {
      Files.deleteIfExists(partial);
      return FileChannel.open(
          partial,
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
          Owner.privately(partial, "rw-------"));
    } catch (IOException failed) {
      throw CacheException.of(directory.path(), failed);
    }
  }

  private void keep(ImageKey key, Path partial, FileChannel file) throws CacheException {
    try {
      Seal.put(file, key.fileName());
      lockForUse(file);
      Files.move(partial, directory.file(key), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      throw CacheException.of(directory.path(), failed);
    }
  }

  /// Gives all images back, and removes those used longest ago if there are too many.
  @Override
  public void close() throws IOException {
    for (Used image : used.values()) {
      image.file.close();
    }
    locks.close();
    directory.prune(limitBytes);
  }
}
