package io.github.container2boot.serve;

import io.github.container2boot.boot.EspTree;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.directory.DirectoryTree;
import io.github.container2boot.fat.FatImage;
import io.github.container2boot.gpt.GptImage;
import io.github.container2boot.gpt.PartitionType;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// What an earlier build wrote: an output directory with `esp/` or `disk.img`, the files of an EFI
/// system partition, or a disk image.
public final class BuiltSystem implements Closeable {
  private static final String ESP = "esp";
  private static final String DISK = "disk.img";

  private final Path path;
  private final FileTree esp;
  private final Content root;
  private final Optional<Content> disk;
  private final Instant modified;
  private final Deque<Closeable> opened;

  private BuiltSystem(
      Path path,
      FileTree esp,
      Content root,
      Optional<Content> disk,
      Instant modified,
      Deque<Closeable> opened) {
    this.path = path;
    this.esp = esp;
    this.root = root;
    this.disk = disk;
    this.modified = modified;
    this.opened = opened;
  }

  /// Whether something of that kind is at `path`.
  public static boolean isAt(Path path) throws IOException {
    return isEsp(path) || isEsp(path.resolve(ESP)) || isDisk(path) || isDisk(path.resolve(DISK));
  }

  private static boolean isEsp(Path directory) {
    return Files.isRegularFile(inEsp(directory, EspTree.ROOT_IMAGE));
  }

  private static Path inEsp(Path directory, String path) {
    return directory.resolve(path.substring(1));
  }

  private static boolean isDisk(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return GptImage.isIn(Content.ofFile(channel, 0, channel.size()));
    }
  }

  /// Opens it.
  ///
  /// @throws ServeException with [ServeException.Incomplete]
  public static BuiltSystem open(Path path) throws IOException, ServeException {
    Deque<Closeable> opened = new ArrayDeque<>();
    boolean complete = false;
    try {
      BuiltSystem system = open(path, opened);
      complete = true;
      return system;
    } finally {
      if (!complete) {
        close(opened);
      }
    }
  }

  private static BuiltSystem open(Path path, Deque<Closeable> opened)
      throws IOException, ServeException {
    Path disk = isDisk(path) ? path : path.resolve(DISK);
    Optional<Content> image = isDisk(disk) ? Optional.of(file(disk, opened)) : Optional.empty();
    for (Path esp : new Path[] {path, path.resolve(ESP)}) {
      if (isEsp(esp)) {
        return ofEsp(path, esp, image, opened);
      }
    }
    if (image.isEmpty()) {
      throw new ServeException(new ServeException.Incomplete(path, ESP + " or " + DISK));
    }
    return ofDisk(path, disk, image.get(), opened);
  }

  private static BuiltSystem ofEsp(
      Path path, Path esp, Optional<Content> disk, Deque<Closeable> opened) throws IOException {
    Path root = inEsp(esp, EspTree.ROOT_IMAGE);
    DirectoryTree directory = DirectoryTree.open(esp);
    opened.push(directory);
    return new BuiltSystem(
        path, directory.files(), file(root, opened), disk, modified(root), opened);
  }

  private static BuiltSystem ofDisk(Path path, Path file, Content disk, Deque<Closeable> opened)
      throws IOException, ServeException {
    try {
      GptImage table = GptImage.read(disk);
      Optional<GptImage.Located> partition = table.find(PartitionType.EFI_SYSTEM);
      if (partition.isEmpty()) {
        throw new ServeException(new ServeException.Incomplete(file, "an EFI system partition"));
      }
      FileTree esp = FatImage.read(partition.get().content()).tree();
      Optional<Content> root = find(esp, EspTree.ROOT_IMAGE).or(() -> rootPartition(table));
      return new BuiltSystem(
          path,
          esp,
          root.orElseThrow(() -> missing(file, EspTree.ROOT_IMAGE)),
          Optional.of(disk),
          modified(file),
          opened);
    } catch (FormatException problem) {
      throw problem.in(file.toString());
    }
  }

  private static Optional<Content> rootPartition(GptImage table) {
    return table.partitions().stream()
        .filter(partition -> !partition.entry().type().equals(PartitionType.EFI_SYSTEM.guid()))
        .map(GptImage.Located::content)
        .findFirst();
  }

  private static ServeException missing(Path path, String what) {
    return new ServeException(new ServeException.Incomplete(path, what));
  }

  private static Instant modified(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toInstant();
  }

  private static Content file(Path path, Deque<Closeable> opened) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    opened.push(channel);
    return Content.ofFile(channel, 0, channel.size());
  }

  private static Optional<Content> find(FileTree tree, String path) {
    return tree.find(path).orElse(null) instanceof RegularFile file
        ? Optional.of(file.content())
        : Optional.empty();
  }

  Path path() {
    return path;
  }

  /// The files of its EFI system partition.
  public FileTree esp() {
    return esp;
  }

  /// The kernel, as it lies on the EFI system partition.
  ///
  /// @throws ServeException with [ServeException.Incomplete]
  public Content kernel() throws ServeException {
    return find(esp, EspTree.KERNEL).orElseThrow(() -> missing(path, EspTree.KERNEL));
  }

  /// The initrd made for the kernel.
  ///
  /// @throws ServeException with [ServeException.Incomplete]
  public Content initrd() throws ServeException {
    return find(esp, EspTree.INITRD).orElseThrow(() -> missing(path, EspTree.INITRD));
  }

  /// The root file system, a SquashFS image.
  public Content root() {
    return root;
  }

  Optional<Content> disk() {
    return disk;
  }

  Instant modified() {
    return modified;
  }

  @Override
  public void close() throws IOException {
    close(opened);
  }

  private static void close(Deque<Closeable> opened) throws IOException {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
