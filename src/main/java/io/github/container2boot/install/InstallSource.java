package io.github.container2boot.install;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.directory.DirectoryTree;
import io.github.container2boot.fat.FatImage;
import io.github.container2boot.gpt.GptImage;
import io.github.container2boot.gpt.PartitionType;
import io.github.container2boot.tree.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// What to install: the files of an EFI system partition, in a directory or in a disk image.
public sealed interface InstallSource extends Closeable {
  Path path();

  /// The files of the EFI system partition.
  ///
  /// @throws InstallException with [InstallException.NeedsWholeDisk] if they are not all that it
  ///   takes to boot
  FileTree files() throws IOException;

  /// Opens what is at `path`, and tells by itself which of the two it is.
  static InstallSource open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return new EspDirectory(path, DirectoryTree.open(path));
    }
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    return new DiskImage(path, FileChannel.open(path, StandardOpenOption.READ));
  }

  /// What `build --format esp` made, whatever was changed in it meanwhile.
  record EspDirectory(Path path, DirectoryTree directory) implements InstallSource {
    @Override
    public FileTree files() {
      return directory.files();
    }

    @Override
    public void close() {
      directory.close();
    }
  }

  /// What `build` made.
  record DiskImage(Path path, FileChannel file) implements InstallSource {
    public Content content() throws IOException {
      return Content.ofFile(file, 0, file.size());
    }

    @Override
    public FileTree files() throws IOException {
      try {
        return files(GptImage.read(content()));
      } catch (FormatException problem) {
        throw problem.in(path.toString());
      }
    }

    private FileTree files(GptImage disk) throws IOException {
      Optional<GptImage.Located> esp = disk.find(PartitionType.EFI_SYSTEM);
      if (esp.isEmpty()) {
        throw new InstallException(
            new InstallException.NotASystem(path, "has no EFI system partition"));
      }
      if (disk.partitions().size() > 1) {
        throw new InstallException(new InstallException.NeedsWholeDisk(path));
      }
      return FatImage.read(esp.get().content()).tree();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
