package io.github.container2boot.oci;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Files in a directory, each opened when it is asked for.
public final class DirectoryFiles implements ImageFiles {
  private final Path directory;
  private final List<FileChannel> open = new ArrayList<>();

  public DirectoryFiles(Path directory) {
    this.directory = directory;
  }

  @Override
  public Optional<Content> find(String path) throws IOException {
    Path file = directory.resolve(path);
    try {
      requireRegular(path, Files.readAttributes(file, BasicFileAttributes.class));
      FileChannel channel = FileChannel.open(file);
      open.add(channel);
      return Optional.of(Content.ofFile(channel, 0, channel.size()));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (FileSystemException problem) {
      throw FormatException.malformed(
          "%s: expected a readable file, found: %s"
              .formatted(path, Optional.ofNullable(problem.getReason()).orElse("no access")));
    }
  }

  /// Opening a fifo would wait for somebody to write to it.
  private static void requireRegular(String path, BasicFileAttributes attributes)
      throws FormatException {
    if (!attributes.isRegularFile()) {
      throw FormatException.malformed(
          "%s: expected a regular file, found %s"
              .formatted(path, attributes.isDirectory() ? "a directory" : "a special file"));
    }
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : open) {
      channel.close();
    }
  }
}
