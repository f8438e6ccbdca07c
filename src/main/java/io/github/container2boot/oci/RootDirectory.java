package io.github.container2boot.oci;

import io.github.container2boot.directory.DirectoryTree;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/// A root filesystem in a directory, seen as an image: one layer, and a configuration that says
/// nothing.
public final class RootDirectory {
  public static final String TRANSPORT = "rootfs";

  /// A root has one of these, even one of a single program.
  private static final List<String> SIGNS = List.of("usr", "etc", "bin");

  private static final int MOST_NAMES_SHOWN = 5;

  private RootDirectory() {}

  /// Whether `directory` looks like a root filesystem.
  public static boolean isIn(Path directory) {
    return SIGNS.stream().anyMatch(name -> Files.isDirectory(directory.resolve(name)));
  }

  /// The image of what is in `directory`; closing it closes what is open there.
  public static Image open(Path directory, String source) throws IOException {
    DirectoryTree tree = DirectoryTree.open(directory);
    return Closing.onFailure(tree, () -> image(source, tree));
  }

  private static Image image(String source, DirectoryTree tree) throws SourceException {
    requireRoot(source, tree.files());
    return new Image(
        source, Optional.empty(), ImageConfig.unknown(), List.of(new DirectoryLayer(tree)), tree);
  }

  private static void requireRoot(String source, FileTree files) throws SourceException {
    if (SIGNS.stream().noneMatch(name -> files.root().get(FileName.of(name)) != null)) {
      throw new SourceException(
          new SourceException.NoImage(
              source, "a root file system with a directory usr, etc or bin", described(files)));
    }
  }

  private static String described(FileTree files) {
    if (files.root().entries().isEmpty()) {
      return "an empty directory";
    }
    return files.root().entries().keySet().stream()
        .limit(MOST_NAMES_SHOWN)
        .map(FileName::toString)
        .collect(Collectors.joining(", ", "a directory with ", ""));
  }

  private record DirectoryLayer(DirectoryTree tree) implements FilesLayer {
    @Override
    public String name() {
      return RootTarball.LAYER_NAME;
    }

    @Override
    public Optional<Digest> digest() {
      return Optional.empty();
    }

    @Override
    public Optional<Digest> diffId() {
      return Optional.empty();
    }

    @Override
    public OptionalLong sizeBytes() {
      return OptionalLong.of(tree.sizeBytes());
    }

    @Override
    public FileTree files(LongConsumer storedBytes) {
      tree.tell(storedBytes);
      return tree.files();
    }
  }
}
