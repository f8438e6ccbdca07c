package io.github.container2boot.build;

import io.github.container2boot.boot.BootException;
import io.github.container2boot.boot.CommandLine;
import io.github.container2boot.boot.EspOptions;
import io.github.container2boot.boot.EspTree;
import io.github.container2boot.boot.RootLocation;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.fat.FatException;
import io.github.container2boot.gpt.GptDisk;
import io.github.container2boot.gpt.GptException;
import io.github.container2boot.gpt.Partition;
import io.github.container2boot.gpt.PartitionEntry;
import io.github.container2boot.gpt.PartitionName;
import io.github.container2boot.gpt.PartitionType;
import io.github.container2boot.tree.FileTree;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Where root, kernel, initrd and boot loaders lie, and what the kernel is told of it.
///
/// The root is a file on the EFI system partition, as large as FAT lets a file be; a larger one
/// gets a partition of its own, which then has the label the root is found by.
final class DiskLayout {
  /// The EFI system partition's label where the root has taken the one it is found by.
  private static final String ESP_LABEL = "EFI-SYSTEM";

  private final BootableSystem system;
  private final BuildPlan.DiskSettings settings;
  private final Identity identity;
  private final CommandLine commandLine;
  private final FileTree esp;

  private DiskLayout(
      BootableSystem system,
      BuildPlan.DiskSettings settings,
      Identity identity,
      CommandLine commandLine,
      FileTree esp) {
    this.system = system;
    this.settings = settings;
    this.identity = identity;
    this.commandLine = commandLine;
    this.esp = esp;
  }

  static DiskLayout of(BootableSystem system, BuildPlan plan, Identity contents)
      throws IOException, BootException {
    boolean rootIsFile = fitsFile(system.root());
    if (!rootIsFile) {
      system.files().initrd().requirePartition();
    }
    CommandLine commandLine = commandLine(rootIsFile, plan);
    EspOptions standard = EspOptions.of(system.created());
    EspOptions options =
        new EspOptions(standard.timeoutSeconds(), plan.boot().keepFallback(), standard.modified());
    FileTree esp =
        EspTree.of(
            system.files(),
            commandLine,
            options,
            rootIsFile ? Optional.of(system.root()) : Optional.empty());
    Identity identity =
        contents
            .and(commandLine.text())
            .and("keepFallback " + options.keepFallback())
            .and("modified " + options.modified())
            .and(plan.disk().facts());
    return new DiskLayout(system, plan.disk(), identity, commandLine, esp);
  }

  private static CommandLine commandLine(boolean rootIsFile, BuildPlan plan) throws BootException {
    String label = plan.disk().rootLabel();
    RootLocation location =
        rootIsFile ? new RootLocation.InFile(label) : new RootLocation.InPartition(label);
    return commandLine(location, plan);
  }

  /// What boots the root at `location`, with what the user wants to add.
  static CommandLine commandLine(RootLocation location, BuildPlan plan) throws BootException {
    CommandLine line = CommandLine.of(location);
    for (String arguments : plan.boot().appendedArguments()) {
      line = line.append(arguments);
    }
    return line;
  }

  private static boolean fitsFile(Content root) {
    return root.sizeBytes() <= FatException.FileTooLarge.MOST_BYTES;
  }

  /// Everything the kernel is told.
  CommandLine commandLine() {
    return commandLine;
  }

  /// The files of an EFI system partition that holds the whole system.
  ///
  /// @throws BuildException if the root needs a partition of its own
  FileTree wholeEsp() throws BuildException {
    if (!fitsFile(system.root())) {
      throw new BuildException(
          new BuildException.RootTooLargeForEsp(
              system.root().sizeBytes(), FatException.FileTooLarge.MOST_BYTES));
    }
    return esp;
  }

  /// The whole disk.
  GptDisk disk() throws FatException, GptException {
    boolean rootIsFile = fitsFile(system.root());
    return new PartitionedDisk(
            esp,
            rootIsFile ? settings.rootLabel() : ESP_LABEL,
            rootIsFile ? List.of() : List.of(rootPartition()),
            settings,
            identity)
        .disk();
  }

  private Partition rootPartition() throws GptException {
    String architecture = system.files().kernel().architecture().containerName();
    return new Partition(
        PartitionType.linuxRoot(architecture).guid(),
        identity.guid("root partition"),
        PartitionName.of(settings.rootLabel()),
        PartitionEntry.READ_ONLY,
        system.root());
  }
}
