package io.github.container2boot.cli;

import io.github.container2boot.build.EspDiskBuilder;
import io.github.container2boot.run.DiskImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// What is to be booted, told by its content.
sealed interface RunTarget {
  /// A disk image.
  record Disk(Path path) implements RunTarget {}

  /// A directory with the files of an EFI system partition, of which a disk is made first.
  record Esp(Path directory) implements RunTarget {}

  /// A container image, which is built first.
  record Image(String source) implements RunTarget {}

  static RunTarget of(String argument) throws IOException {
    Optional<Path> path = path(argument);
    if (path.isPresent() && DiskImage.isIn(path.get())) {
      return new Disk(path.get());
    }
    if (path.isPresent() && Files.isDirectory(path.get()) && EspDiskBuilder.isEsp(path.get())) {
      return new Esp(path.get());
    }
    return new Image(argument);
  }

  private static Optional<Path> path(String argument) {
    try {
      return Optional.of(Path.of(argument));
    } catch (InvalidPathException onlyAName) {
      return Optional.empty();
    }
  }
}
