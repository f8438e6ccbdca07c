package io.github.container2boot.layer;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// Whose a file of the cache is: what others could have written is not used.
///
/// File systems without owners have nobody else to fear.
final class Owner {
  private static final int WRITABLE_BY_OTHERS = 0_022;

  private Owner() {}

  /// @throws CacheException unless `file` is a regular file of this user's that nobody else may
  ///   write
  static void requireTrustedFile(Path file) throws IOException {
    BasicFileAttributes kind =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!kind.isRegularFile()) {
      throw new CacheException(file, "expected a regular file");
    }
    requireOwn(file);
    if (hasOwners(file) && ((int) attribute(file, "mode") & WRITABLE_BY_OTHERS) != 0) {
      throw new CacheException(file, "others may write it");
    }
  }

  /// @throws CacheException unless `path` is this user's
  static void requireOwn(Path path) throws IOException {
    if (hasOwners(path) && (int) attribute(path, "uid") != (int) new UnixSystem().getUid()) {
      throw new CacheException(path, "belongs to another user");
    }
  }

  private static Object attribute(Path path, String name) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(path, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
    return attributes.getOrDefault(name, 0);
  }

  private static boolean hasOwners(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /// Makes what is created at `path` this user's alone.
  ///
  /// @param permissions as `ls` shows them: `rwx------`
  static FileAttribute<?>[] privately(Path path, String permissions) {
    return hasOwners(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
