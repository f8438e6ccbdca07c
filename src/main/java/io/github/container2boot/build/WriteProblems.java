package io.github.container2boot.build;

import io.github.container2boot.build.OutputException.Problem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/// Tells what went wrong when writing. The operating system says so in text only, and in the user's
/// language where it has translations, so that a full disk is also known by being full.
public final class WriteProblems {
  private static final long FULL_BYTES = 64 << 10;

  private WriteProblems() {}

  /// What `failed` means for the output at `path`, of which `writtenBytes` of `sizeBytes` are
  /// there.
  public static OutputException explained(
      Path path, long sizeBytes, long writtenBytes, IOException failed) {
    return failed instanceof OutputException explained
        ? explained
        : new OutputException(problem(path, sizeBytes, writtenBytes, failed), failed);
  }

  public static OutputException explained(Path path, IOException failed) {
    return explained(path, 0, 0, failed);
  }

  /// Whether no other operation than writing to a file fails like this.
  static boolean isOfWriting(IOException failed) {
    String reason = reason(failed);
    return isTooLarge(reason) || isOutOfSpace(reason);
  }

  private static boolean isTooLarge(String reason) {
    return reason.contains("File too large");
  }

  private static boolean isOutOfSpace(String reason) {
    return reason.contains("No space left") || reason.contains("quota exceeded");
  }

  private static Problem problem(Path path, long sizeBytes, long writtenBytes, IOException failed) {
    String reason = reason(failed);
    if (failed instanceof AccessDeniedException
        || reason.contains("Permission denied")
        || reason.contains("Operation not permitted")) {
      return new Problem.NotPermitted(path);
    }
    if (reason.contains("Read-only file system")) {
      return new Problem.ReadOnly(path);
    }
    if (isTooLarge(reason)) {
      return new Problem.TooLarge(path, sizeBytes);
    }
    if (isOutOfSpace(reason) || isFull(path)) {
      return new Problem.NoSpace(path, sizeBytes, writtenBytes);
    }
    return new Problem.Failed(path, reason);
  }

  private static String reason(IOException failed) {
    String reason =
        switch (failed) {
          case NoSuchFileException _ -> "cannot be created there";
          case FileAlreadyExistsException _ -> "is there already";
          case FileSystemException named -> named.getReason();
          default -> failed.getMessage();
        };
    return Objects.requireNonNullElse(reason, failed.getClass().getSimpleName());
  }

  /// File systems like /proc have no space at all, and are not full.
  private static boolean isFull(Path path) {
    try {
      Path directory = path.toAbsolutePath().getParent();
      if (directory == null) {
        return false;
      }
      FileStore store = Files.getFileStore(directory);
      return store.getTotalSpace() > 0 && store.getUsableSpace() < FULL_BYTES;
    } catch (IOException unknown) {
      return false;
    }
  }
}
