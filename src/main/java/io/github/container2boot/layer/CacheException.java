package io.github.container2boot.layer;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;

/// The cache cannot be used, through no fault of the input: a build goes on without it.
public final class CacheException extends IOException {
  private CacheException(String message, IOException cause) {
    super(message, cause);
  }

  CacheException(Path path, String problem) {
    super(path + ": " + problem);
  }

  static CacheException of(Path directory, IOException failed) {
    return failed instanceof CacheException known
        ? known
        : new CacheException(directory + ": " + reason(failed), failed);
  }

  private static String reason(IOException failed) {
    return switch (failed) {
      case AccessDeniedException _ -> "no permission to write";
      case FileAlreadyExistsException _, NotDirectoryException _ -> "expected a directory";
      case FileSystemException named -> Objects.requireNonNullElse(named.getReason(), "failed");
      default -> Objects.requireNonNullElse(failed.getMessage(), "failed");
    };
  }
}
