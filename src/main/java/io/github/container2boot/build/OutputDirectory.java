package io.github.container2boot.build;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/// A directory that gets the outputs of a build: all of them, complete, or none.
///
/// Everything is first written to a [Staging] directory inside this one. [#commit] renames it into
/// place; closing without it, a failure or a signal leaves the directory as it was found.
public final class OutputDirectory implements Closeable {
  private final Path directory;
  private final List<Path> createdDirectories;
  private final Staging staging;
  private final Set<String> names = new LinkedHashSet<>();
  private final Thread whenKilled = new Thread(this::abandon, "clean-up");
  private boolean closed;

  private OutputDirectory(Path directory, List<Path> createdDirectories, Staging staging) {
    this.directory = directory;
    this.createdDirectories = createdDirectories;
    this.staging = staging;
  }

  /// Opens `directory`, which is created if there is none, and cleans up what builds that were
  /// killed have left in it.
  ///
  /// @throws OutputException if nothing can be written there
  public static OutputDirectory open(Path directory) throws IOException {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new OutputException(new OutputException.Problem.InTheWay(directory, "a directory"));
    }
    DigestThread.warmUp();
    List<Path> created = new ArrayList<>();
    try {
      createDirectories(directory.toAbsolutePath(), created);
      OutputDirectory opened =
          new OutputDirectory(directory, created.reversed(), Staging.create(directory));
      Runtime.getRuntime().addShutdownHook(opened.whenKilled);
      return opened;
    } catch (IOException failed) {
      deleteWhereEmpty(created.reversed());
      throw WriteProblems.explained(directory, failed);
    }
  }

  private static void createDirectories(Path directory, List<Path> created) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      createDirectories(parent, created);
    }
    try {
      Files.createDirectory(directory);
      created.add(directory);
    } catch (FileAlreadyExistsException another) {
      if (!Files.isDirectory(directory)) {
        throw another;
      }
    }
  }

  public Path path() {
    return directory;
  }

  /// Writes `content` as the file `name`.
  ///
  /// @param meter is told of bytes as they are written
  public Output writeFile(String name, Content content, LongConsumer meter) throws IOException {
    Path target = directory.resolve(name);
    if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new OutputException(
          new OutputException.Problem.InTheWay(target, "a file to replace, found a directory"));
    }
    Output output = write(name, target, content, meter);
    staged(name);
    return output;
  }

  /// Writes `tree` as the directory `name`, which replaces the one that is there as a whole. Only
  /// names, contents and times are kept: this is a file system without owners.
  ///
  /// @param meter is told of bytes as they are written
  /// @return an output for every file, in the order of their paths
  public List<Output> writeTree(String name, FileTree tree, LongConsumer meter) throws IOException {
    Path target = directory.resolve(name);
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new OutputException(
          new OutputException.Problem.InTheWay(target, "a directory to replace, found a file"));
    }
    List<Output> outputs = new ArrayList<>();
    writeInode(name, target, tree.root(), meter, outputs);
    staged(name);
    return outputs;
  }

  private void writeInode(
      String name, Path target, Inode inode, LongConsumer meter, List<Output> outputs)
      throws IOException {
    switch (inode) {
      case Directory entries -> writeDirectory(name, target, entries, meter, outputs);
      case RegularFile file -> outputs.add(write(name, target, file.content(), meter));
      default ->
          throw new IllegalArgumentException(
              name + " is a " + inode.getClass().getSimpleName() + ", not a file or directory");
    }
    Files.setLastModifiedTime(
        staging.newOutput(name), FileTime.from(inode.attributes().modified()));
  }

  private void writeDirectory(
      String name, Path target, Directory inode, LongConsumer meter, List<Output> outputs)
      throws IOException {
    try {
      create(() -> Files.createDirectory(staging.newOutput(name)));
    } catch (IOException failed) {
      throw WriteProblems.explained(target, failed);
    }
    for (Map.Entry<FileName, Inode> entry : inode.entries().entrySet()) {
      String child = hostName(target, entry.getKey());
      writeInode(name + "/" + child, resolved(target, child), entry.getValue(), meter, outputs);
    }
  }

  private static String hostName(Path directory, FileName name) throws IOException {
    byte[] bytes = name.bytes().toByteArray();
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
      throw new OutputException(new OutputException.Problem.BadName(directory, name.toString()));
    }
    return text;
  }

  private static Path resolved(Path directory, String name) throws IOException {
    try {
      return directory.resolve(name);
    } catch (InvalidPathException invalid) {
      throw new OutputException(new OutputException.Problem.BadName(directory, name), invalid);
    }
  }

  private Output write(String name, Path target, Content content, LongConsumer meter)
      throws IOException {
    try (DigestingSink sink = openSink(name, target, content.sizeBytes(), meter)) {
      content.transferTo(sink);
      return new Output(name, content.sizeBytes(), sink.complete());
    }
  }

  private DigestingSink openSink(String name, Path target, long sizeBytes, LongConsumer meter)
      throws IOException {
    try {
      return create(() -> DigestingSink.create(staging.newOutput(name), target, sizeBytes, meter));
    } catch (IOException failed) {
      throw WriteProblems.explained(target, failed);
    }
  }

  /// A directory for files that nobody needs once the build is over. It lies on the same file
  /// system as the outputs, and vanishes with everything in it when this is closed.
  public Path scratchDirectory() {
    return staging.scratch("");
  }

  /// Opens a new file to work in. It lies on the same file system as the outputs, so that what is
  /// copied from it to them can be shared, and vanishes when this directory is closed. The caller
  /// closes the channel.
  public FileChannel openScratchFile(String name) throws IOException {
    try {
      return create(() ->
          FileChannel.open(
              staging.scratch(name),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE));
    } catch (IOException failed) {
      throw WriteProblems.explained(directory, failed);
    }
  }

  /// What `failed` means if it came from writing to a scratch file, of which the operating system
  /// names no file; any other failure as it is.
  public IOException explained(IOException failed) {
    return WriteProblems.isOfWriting(failed) ? WriteProblems.explained(directory, failed) : failed;
  }

  /// Puts everything that was written in its place, in the order in which it was written.
  public synchronized void commit() throws IOException {
    requireOpen();
    staging.sync();
    try (DirectoryLock _ = DirectoryLock.acquire(directory)) {
      for (String name : names) {
        replace(name);
      }
      Staging.sync(directory);
    }
    createdDirectories.clear();
    close();
  }

  private void replace(String name) throws IOException {
    Path target = directory.resolve(name);
    try {
      if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
        replaceDirectory(name, target);
      } else {
        Files.move(staging.newOutput(name), target, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException failed) {
      throw WriteProblems.explained(target, failed);
    }
  }

  /// No rename(2) replaces a directory that is not empty. Killed between these two, the old one is
  /// put back by the next build, see [Staging].
  private void replaceDirectory(String name, Path target) throws IOException {
    Path old = staging.oldOutput(name);
    Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(staging.newOutput(name), target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
      throw failed;
    }
  }

  /// Removes all that was not committed.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    abandon();
    try {
      Runtime.getRuntime().removeShutdownHook(whenKilled);
    } catch (IllegalStateException shuttingDown) {
      // Then the hook runs as well, and finds nothing to do.
    }
  }

  private synchronized void abandon() {
    if (!closed) {
      closed = true;
      staging.delete();
      deleteWhereEmpty(createdDirectories);
    }
  }

  private static void deleteWhereEmpty(List<Path> directories) {
    for (Path directory : directories) {
      try {
        Files.deleteIfExists(directory);
      } catch (IOException inUse) {
        return;
      }
    }
  }

  private synchronized void staged(String name) {
    names.add(name);
  }

  /// Creates something in the staging directory, unless that is gone: the thread that builds goes
  /// on while a signal has it cleaned up.
  private synchronized <T> T create(Creation<T> creation) throws IOException {
    requireOpen();
    return creation.create();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the output directory is closed");
    }
  }

  private interface Creation<T> {
    T create() throws IOException;
  }
}
