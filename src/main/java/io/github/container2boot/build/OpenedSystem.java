package io.github.container2boot.build;

import io.github.container2boot.boot.BootException;
import io.github.container2boot.boot.BootFiles;
import io.github.container2boot.boot.CommandLine;
import io.github.container2boot.boot.RootLocation;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.fat.FatException;
import io.github.container2boot.gpt.GptDisk;
import io.github.container2boot.gpt.GptException;
import io.github.container2boot.oci.Image;
import io.github.container2boot.tree.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A system that is ready to be read and need not be written anywhere: the layers of its image are
/// in the cache or in scratch files, and everything else is computed as it is read.
///
/// Its Contents may be read by any number of threads until it is closed.
public final class OpenedSystem implements Closeable {
  private final BuildPlan plan;
  private final WarningsKept progress;
  private final Image image;
  private final LayerImages layers;
  private final BootableSystem system;
  private final DiskLayout layout;
  private final Resources resources;

  OpenedSystem(
      BuildPlan plan,
      WarningsKept progress,
      Image image,
      LayerImages layers,
      BootableSystem system,
      DiskLayout layout,
      Resources resources) {
    this.plan = plan;
    this.progress = progress;
    this.image = image;
    this.layers = layers;
    this.system = system;
    this.layout = layout;
    this.resources = resources;
  }

  /// Kernel, initrd and boot loaders, with what is known of them.
  public BootFiles files() {
    return system.files();
  }

  /// The root file system, a SquashFS image.
  public Content root() {
    return system.root();
  }

  /// The files of an EFI system partition that holds the whole system.
  ///
  /// @throws BuildException if the root needs a partition of its own
  public FileTree esp() throws BuildException {
    return layout.wholeEsp();
  }

  /// The whole disk.
  public GptDisk disk() throws FatException, GptException {
    return layout.disk();
  }

  /// Everything the kernel is told when it boots from the disk or the partition.
  public CommandLine commandLine() {
    return layout.commandLine();
  }

  /// Everything the kernel is told when its root lies elsewhere.
  public CommandLine commandLine(RootLocation location) throws BootException {
    return DiskLayout.commandLine(location, plan);
  }

  /// What this was made of. Waits for digests that are still being computed.
  public Manifest manifest() throws IOException {
    return manifest(Optional.empty(), List.of());
  }

  /// The same, and what was written.
  Manifest manifest(Optional<GptDisk> disk, List<Output> outputs) throws IOException {
    return ManifestOfBuild.of(
        plan, image, layers.described(), system, commandLine(), disk, progress.warnings(), outputs);
  }

  /// Gives layer images back to the cache, and removes what lay elsewhere.
  @Override
  public void close() throws IOException {
    resources.close();
  }
}
