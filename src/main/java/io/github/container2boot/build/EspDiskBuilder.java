package io.github.container2boot.build;

import io.github.container2boot.boot.EspTree;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.directory.DirectoryTree;
import io.github.container2boot.fat.FatException;
import io.github.container2boot.gpt.GptDisk;
import io.github.container2boot.gpt.GptException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Makes a disk of the EFI system partition's files that an earlier build left in the output
/// directory, see [EspDisk].
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
    return Files.exists(directory.resolve(EspTree.ROOT_IMAGE.substring(1)));
  }

  /// Writes the disk, beside the files it is made of unless it was to go elsewhere.
  ///
  /// @throws BuildException with [BuildException.IncompleteEsp]
  public Output build() throws IOException, FatException, GptException, BuildException {
    try (OutputDirectory output = OutputDirectory.open(outputDirectory);
        DirectoryTree directory = DirectoryTree.open(espDirectory)) {
      GptDisk disk = EspDisk.of(espDirectory, directory.files(), settings);
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
}
