package io.github.container2boot.oci;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import io.github.container2boot.tar.TarEntry;
import io.github.container2boot.tar.TarReader;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.SymbolicLink;
import io.github.container2boot.tree.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// Files in a tar archive that allows random access: each is a slice of it.
final class ArchiveFiles implements ImageFiles {
  /// An image has a file or four for each layer.
  private static final int MAX_ENTRIES = 100_000;

  private static final Attributes ATTRIBUTES = Attributes.ofRoot(0_755, Instant.EPOCH);

  private final FileTree tree;
  private final Closeable file;

  private ArchiveFiles(FileTree tree, Closeable file) {
    this.tree = tree;
    this.file = file;
  }

  /// Reads the headers of `archive`, which lies in `file`, closed together with this.
  static ArchiveFiles index(Content archive, Closeable file) throws IOException {
    FileTreeBuilder tree = new FileTreeBuilder(ATTRIBUTES);
    try (TarReader reader = new TarReader(archive.asInputStream())) {
      int count = 0;
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        if (++count > MAX_ENTRIES) {
          throw FormatException.unsupported(
              entry.headerOffsetBytes(),
              "expected an image archive, found more than %d files".formatted(MAX_ENTRIES));
        }
        add(tree, entry, archive);
      }
    }
    return new ArchiveFiles(tree.build(), file);
  }

  private static void add(FileTreeBuilder tree, TarEntry entry, Content archive)
      throws FormatException {
    TreePath path = TreePath.parse(entry.path());
    Optional<Inode> inode = inode(tree, entry, archive);
    if (inode.isPresent() && (!path.isRoot() || inode.get() instanceof Directory)) {
      tree.put(path, inode.get());
    }
  }

  private static Optional<Inode> inode(FileTreeBuilder tree, TarEntry entry, Content archive)
      throws FormatException {
    return switch (entry.type()) {
      case FILE -> Optional.of(file(entry, archive));
      case DIRECTORY -> Optional.of(Directory.empty(ATTRIBUTES));
      case SYMBOLIC_LINK -> Optional.of(new SymbolicLink(ATTRIBUTES, entry.linkTarget()));
      case HARD_LINK -> Optional.ofNullable(tree.get(TreePath.parse(entry.linkTarget())));
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> Optional.empty();
    };
  }

  private static Inode file(TarEntry entry, Content archive) throws FormatException {
    if (entry.sparse()) {
      throw FormatException.unsupported(
          entry.headerOffsetBytes(),
          "%s: expected %d bytes of data in one piece".formatted(entry.path(), entry.sizeBytes()));
    }
    long presentBytes = archive.sizeBytes() - entry.dataOffsetBytes();
    if (entry.sizeBytes() > presentBytes) {
      throw FormatException.malformed(
          entry.dataOffsetBytes(),
          "archive ends too soon: expected %d bytes of %s, found %d"
              .formatted(entry.sizeBytes(), entry.path(), Math.max(presentBytes, 0)));
    }
    return new RegularFile(ATTRIBUTES, archive.slice(entry.dataOffsetBytes(), entry.sizeBytes()));
  }

  @Override
  public Optional<Content> find(String path) throws FormatException {
    Optional<Inode> found = tree.follow(TreePath.parse(ByteString.utf8(path)));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.get() instanceof RegularFile regular) {
      return Optional.of(regular.content());
    }
    throw FormatException.malformed(
        "%s: expected a regular file in the archive".formatted(Shown.text(path)));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
