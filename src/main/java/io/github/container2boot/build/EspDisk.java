package io.github.container2boot.build;

import io.github.container2boot.boot.EspTree;
import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.fat.FatException;
import io.github.container2boot.gpt.GptDisk;
import io.github.container2boot.gpt.GptException;
import io.github.container2boot.squashfs.Superblock;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A disk of the EFI system partition's files that an earlier build left in a directory, whatever
/// was changed in them meanwhile.
///
/// The disk depends on names and contents alone: all files get the time of the root's SquashFS
/// image, which is that of the container image it was made of, and owners and modes mean nothing
/// there. Untouched, the files make the same volume as in the build they come from, up to serial
/// numbers.
public final class EspDisk {
  private final Path directory;
  private final BuildPlan.DiskSettings settings;

  private EspDisk(Path directory, BuildPlan.DiskSettings settings) {
    this.directory = directory;
    this.settings = settings;
  }

  /// The disk that `files` make.
  ///
  /// @param directory what errors call the place they are from
  /// @throws BuildException with [BuildException.IncompleteEsp]
  public static GptDisk of(Path directory, FileTree files, BuildPlan.DiskSettings settings)
      throws IOException, FatException, GptException, BuildException {
    return new EspDisk(directory, settings).disk(files);
  }

  private GptDisk disk(FileTree files)
      throws IOException, FatException, GptException, BuildException {
    FileTree esp = normalised(files);
    return new PartitionedDisk(esp, settings.rootLabel(), List.of(), settings, identity(esp))
        .disk();
  }

  private Path inEsp(String path) {
    return directory.resolve(path.substring(1));
  }

  private FileTree normalised(FileTree files) throws IOException, BuildException {
    requireFile(files, EspTree.KERNEL);
    requireFile(files, EspTree.INITRD);
    Instant time = timeOf(requireFile(files, EspTree.ROOT_IMAGE));
    FileTreeBuilder tree = new FileTreeBuilder(Attributes.ofRoot(0755, time));
    files.walk((path, inode) -> tree.put(path, normalised(inode, time)));
    return tree.build();
  }

  /// What FAT cannot hold stays as it is, and FAT says so.
  private static Inode normalised(Inode inode, Instant time) {
    return switch (inode) {
      case Directory _ -> Directory.empty(Attributes.ofRoot(0755, time));
      case RegularFile file -> new RegularFile(Attributes.ofRoot(0644, time), file.content());
      default -> inode;
    };
  }

  private Content requireFile(FileTree files, String path) throws BuildException {
    Inode found = files.find(TreePath.of(path)).orElse(null);
    if (found instanceof RegularFile file) {
      return file.content();
    }
    throw new BuildException(new BuildException.IncompleteEsp(inEsp(path), described(found)));
  }

  private static String described(@Nullable Inode found) {
    return switch (found) {
      case null -> "nothing";
      case Directory _ -> "a directory";
      default -> "something else";
    };
  }

  private Instant timeOf(Content root) throws IOException {
    try {
      return Instant.ofEpochSecond(superblock(root).modifiedSeconds());
    } catch (FormatException problem) {
      throw problem.in(inEsp(EspTree.ROOT_IMAGE).toString());
    }
  }

  private static Superblock superblock(Content root) throws IOException {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(Superblock.SIZE, root.sizeBytes()));
    root.read(0, head);
    return Superblock.readFrom(ByteReader.littleEndian(head.flip(), 0));
  }

  /// Follows from every name and every byte, and from what was chosen.
  private Identity identity(FileTree esp) throws IOException {
    List<String> facts = new ArrayList<>(List.of(settings.facts()));
    esp.walk((path, inode) ->
        facts.add(path + (inode instanceof RegularFile file ? " " + digest(file.content()) : "")));
    return Identity.of(facts);
  }

  private static String digest(Content content) throws IOException {
    try (DigestThread digest = new DigestThread()) {
      content.transferTo(
          new Content.Sink() {
            @Override
            public void data(ByteBuffer bytes) throws IOException {
              digest.data(bytes);
            }

            @Override
            public void hole(long countBytes) throws IOException {
              digest.hole(countBytes);
            }
          });
      return HexFormat.of().formatHex(digest.complete());
    }
  }
}
