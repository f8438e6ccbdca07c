package io.github.container2boot.build;

import io.github.container2boot.boot.EspTree;
import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.directory.DirectoryTree;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes a disk of the EFI system partition's files that an earlier build left in the output
/// directory, whatever was changed in them meanwhile.
///
/// The disk depends on names and contents alone: all files get the time of the root's SquashFS
/// image, which is that of the container image it was made of, and owners and modes mean nothing
/// there. Untouched, the files make the same volume as in the build they come from, up to serial
/// numbers.
public final class EspDiskBuilder {
  private static final OutputFormat DISK = new OutputFormat.Disk();
  private static final String ESP = new OutputFormat.Esp().fileName();

  private final Path espDirectory;
  private final Path outputDirectory;
  private final BuildPlan.DiskSettings settings;
  private final Progress progress;

  public EspDiskBuilder(Path outputDirectory, BuildPlan.DiskSettings settings, Progress progress) {
    this(outputDirectory.resolve(ESP), outputDirectory, settings, progress);
  }

  /// @param espDirectory where the files are
  /// @param outputDirectory where the disk goes
  public EspDiskBuilder(
      Path espDirectory, Path outputDirectory, BuildPlan.DiskSettings settings, Progress progress) {
    this.espDirectory = espDirectory;
    this.outputDirectory = outputDirectory;
    this.settings = settings;
    this.progress = progress;
  }

  /// Whether there is something in `outputDirectory` that a disk could be made of.
  public static boolean hasEsp(Path outputDirectory) {
    return isEsp(outputDirectory.resolve(ESP));
  }

  /// Whether the directory itself has such files in it.
  public static boolean isEsp(Path directory) {
    return Files.exists(within(directory, EspTree.ROOT_IMAGE));
  }

  private static Path within(Path espDirectory, String path) {
    return espDirectory.resolve(path.substring(1));
  }

  /// Writes the disk, beside the files it is made of unless it was to go elsewhere.
  ///
  /// @throws BuildException with [BuildException.IncompleteEsp]
  public Output build() throws IOException, FatException, GptException, BuildException {
    try (OutputDirectory output = OutputDirectory.open(outputDirectory);
        DirectoryTree directory = DirectoryTree.open(espDirectory)) {
      FileTree esp = normalised(directory.files());
      GptDisk disk =
          new PartitionedDisk(esp, settings.rootLabel(), List.of(), settings, identity(esp)).disk();
      Output written = write(disk.content(), output);
      output.commit();
      return written;
    }
  }

  private Output write(Content disk, OutputDirectory output) throws IOException {
    try (Progress.Stage stage = progress.begin("Writing " + DISK.fileName(), disk.sizeBytes())) {
      Output written = output.writeFile(DISK.fileName(), disk, stage::advance);
      stage.finish();
      return written;
    }
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
    throw new BuildException(
        new BuildException.IncompleteEsp(within(espDirectory, path), described(found)));
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
      throw problem.in(within(espDirectory, EspTree.ROOT_IMAGE).toString());
    }
  }

  private static Superblock superblock(Content root) throws IOException {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(Superblock.SIZE, root.sizeBytes()));
    root.read(0, head);
    return Superblock.readFrom(ByteReader.littleEndian(head.flip(), 0));
  }

  /// Follows from every name and every byte, and from what was chosen.
  private Identity identity(FileTree esp) throws IOException {
    List<String> facts = new ArrayList<>(List.of(settings.toString()));
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
