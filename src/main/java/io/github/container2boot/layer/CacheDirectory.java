package io.github.container2boot.layer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The directory of a [LayerCache]: what is in it, and how to make it smaller.
///
/// @param path which may not exist yet: then there is nothing in it
public record CacheDirectory(Path path) {
  private static final long MOST_BYTES = 20_000_000_000L;
  private static final int SHARE_OF_DISK = 5;
  private static final String PARTIAL = ".partial-";

  /// Tells backup programs to leave the directory out, see https://bford.info/cachedir/.
  private static final String TAG =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # Layer images that container2boot can make again.
      """;

  /// How large it may become unless the user says otherwise: a fifth of the disk, 20 GB at most.
  public long defaultLimitBytes() {
    try {
      FileStore disk = Files.getFileStore(nearest(path.toAbsolutePath()));
      return Math.min(MOST_BYTES, disk.getTotalSpace() / SHARE_OF_DISK);
    } catch (IOException unknown) {
      return MOST_BYTES;
    }
  }

  private static Path nearest(Path directory) {
    Path parent = directory.getParent();
    return parent == null || Files.isDirectory(directory) ? directory : nearest(parent);
  }

  /// Everything in the cache, what was used longest ago first.
  public List<CacheEntry> entries() throws IOException {
    if (!Files.isDirectory(layers())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(layers())) {
      return files
          .map(CacheDirectory::entry)
          .flatMap(Optional::stream)
          .sorted(Comparator.comparing(CacheEntry::lastUsed).thenComparing(CacheEntry::file))
          .toList();
    } catch (UncheckedIOException failed) {
      throw CacheException.of(path, requireNonNull(failed.getCause()));
    }
  }

  private static Optional<CacheEntry> entry(Path file) {
    Optional<ImageKey> key = ImageKey.parse(String.valueOf(file.getFileName()));
    if (key.isEmpty()) {
      return Optional.empty();
    }
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return Optional.of(
          new CacheEntry(
              key.get(), file, attributes.size(), attributes.lastModifiedTime().toInstant()));
    } catch (IOException goneByNow) {
      return Optional.empty();
    }
  }

  /// Checks that `entry` is as it was made.
  ///
  /// @throws FormatException if it is damaged
  /// @throws CacheException if it is not to be trusted
  public void verify(CacheEntry entry) throws IOException {
    Owner.requireTrustedFile(entry.file());
    try (FileChannel file = FileChannel.open(entry.file())) {
      Seal.check(file, entry.key().fileName());
    }
  }

  /// Removes images, those used longest ago first, until the rest takes `limitBytes` at most. What
  /// a running build uses stays.
  ///
  /// @return what was removed
  public List<CacheEntry> prune(long limitBytes) throws IOException {
    List<CacheEntry> entries = entries();
    long totalBytes = entries.stream().mapToLong(CacheEntry::sizeBytes).sum();
    List<CacheEntry> removed = new ArrayList<>();
    for (CacheEntry entry : entries) {
      if (totalBytes > limitBytes && remove(entry.file())) {
        totalBytes -= entry.sizeBytes();
        removed.add(entry);
      }
    }
    return removed;
  }

  private static boolean remove(Path file) throws CacheException {
    try {
      return !isInUse(file) && Files.deleteIfExists(file);
    } catch (IOException failed) {
      throw CacheException.of(file, failed);
    }
  }

  private static boolean isInUse(Path file) {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException inThisProcess) {
      return true;
    } catch (IOException noLocksHere) {
      return false; // Who has it open can still read it.
    }
  }

  /// Makes the directory where it is missing.
  ///
  /// @throws CacheException if it belongs to somebody else
  void create() throws IOException {
    Files.createDirectories(path, Owner.privately(path, "rwx------"));
    Owner.requireOwn(path.toRealPath());
    Files.createDirectories(layers());
    Path tag = path.resolve("CACHEDIR.TAG");
    if (!Files.exists(tag)) {
      Files.writeString(tag, TAG, UTF_8);
    }
  }

  Path lock() {
    return path.resolve("lock");
  }

  Path file(ImageKey key) {
    return layers().resolve(key.fileName());
  }

  /// Where an image grows.
  Path partial(ImageKey key) {
    return layers().resolve(key.fileName() + PARTIAL + ProcessHandle.current().pid());
  }

  /// Removes what processes left that died while they made an image, as far as that goes: where
  /// there are no locks, nobody knows who lives.
  ///
  /// @throws CacheException if this user cannot change anything there
  public void sweep() throws CacheException {
    if (!Files.isDirectory(layers())) {
      return;
    }
    try (CacheLocks locks = CacheLocks.open(lock())) {
      sweep(locks);
    } catch (IOException failed) {
      throw CacheException.of(path, failed);
    }
  }

  /// The same, with the only locks this process may have.
  void sweep(CacheLocks locks) throws IOException {
    try (DirectoryStream<Path> partials =
        Files.newDirectoryStream(layers(), "*" + ImageKey.SUFFIX + PARTIAL + "*")) {
      for (Path partial : partials) {
        sweep(partial, locks);
      }
    } catch (DirectoryIteratorException failed) {
      throw requireNonNull(failed.getCause());
    }
  }

  private static void sweep(Path partial, CacheLocks locks) {
    String name = String.valueOf(partial.getFileName());
    Optional<ImageKey> key = ImageKey.parse(name.substring(0, name.lastIndexOf(PARTIAL)));
    if (key.isEmpty()) {
      return;
    }
    try (CacheLocks.Held held = locks.tryAcquire(key.get())) {
      if (held != null) {
        Files.deleteIfExists(partial);
      }
    } catch (IOException noLocksHere) {
      // It stays, and harms nobody.
    }
  }

  private Path layers() {
    return path.resolve("layers");
  }
}
