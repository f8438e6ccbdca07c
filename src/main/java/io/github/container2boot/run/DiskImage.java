package io.github.container2boot.run;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.boot.PortableExecutable;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.fat.FatImage;
import io.github.container2boot.gpt.GptImage;
import io.github.container2boot.gpt.PartitionType;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// A raw image of a disk that boots, told by its content.
///
/// @param sectorSizeBytes 512 or 4096: that for which it has a partition table
/// @param loader what a firmware starts from it
public record DiskImage(Path path, int sectorSizeBytes, Optional<Loader> loader) {
  private static final byte[] SIGNATURE = "EFI PART".getBytes(US_ASCII);

  /// The program for removable media on the EFI system partition.
  ///
  /// @param signed whether it has a signature that Secure Boot could accept
  public record Loader(Architecture architecture, boolean signed) {}

  /// Whether there is a GPT in the file: its header's signature, in the second sector.
  public static boolean isIn(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try (FileChannel file = FileChannel.open(path)) {
      return hasSignature(file, 512) || hasSignature(file, 4096);
    }
  }

  private static boolean hasSignature(FileChannel file, int offsetBytes) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(SIGNATURE.length);
    while (found.hasRemaining() && file.read(found, offsetBytes + found.position()) > 0) {}
    return found.flip().equals(ByteBuffer.wrap(SIGNATURE));
  }

  /// Reads what is told by the content of `path`.
  ///
  /// @throws FormatException if its partition tables are damaged
  public static DiskImage read(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path)) {
      GptImage disk = GptImage.read(Content.ofFile(file, 0, file.size()));
      Optional<Loader> loader = disk.find(PartitionType.EFI_SYSTEM).flatMap(DiskImage::loader);
      return new DiskImage(path, disk.sectorSizeBytes(), loader);
    } catch (FormatException problem) {
      throw problem.in(path.toString());
    }
  }

  /// The loader among the files of an EFI system partition in a directory.
  public static Optional<Loader> loaderIn(Path espDirectory) throws IOException {
    for (Architecture architecture : Architecture.values()) {
      Path program = espDirectory.resolve("EFI/BOOT").resolve(architecture.removableName());
      if (Files.isRegularFile(program)) {
        try (FileChannel file = FileChannel.open(program)) {
          return Optional.of(loader(architecture, Content.ofFile(file, 0, file.size())));
        }
      }
    }
    return Optional.empty();
  }

  private static Loader loader(Architecture architecture, Content program) throws IOException {
    return new Loader(architecture, PortableExecutable.read(program).isSigned());
  }

  /// What is damaged boots or not; it is the firmware that has to say so.
  private static Optional<Loader> loader(GptImage.Located partition) {
    try {
      FileTree files = FatImage.read(partition.content()).tree();
      for (Architecture architecture : Architecture.values()) {
        Optional<Content> program = program(files, architecture);
        if (program.isPresent()) {
          return Optional.of(loader(architecture, program.get()));
        }
      }
      return Optional.empty();
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }

  /// FAT knows no difference between upper and lower case.
  private static Optional<Content> program(FileTree files, Architecture architecture) {
    String wanted = ("/EFI/BOOT/" + architecture.removableName()).toUpperCase(Locale.ROOT);
    Content[] found = new Content[1];
    files.walk((path, inode) -> {
      if (inode instanceof RegularFile file
          && path.toString().toUpperCase(Locale.ROOT).equals(wanted)) {
        found[0] = file.content();
      }
    });
    return Optional.ofNullable(found[0]);
  }
}
