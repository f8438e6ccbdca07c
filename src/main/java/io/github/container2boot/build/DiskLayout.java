package io.github.container2boot.build;

import io.github.container2boot.boot.BootException;
import io.github.container2boot.boot.CommandLine;
import io.github.container2boot.boot.EspOptions;
import io.github.container2boot.boot.EspTree;
import io.github.container2boot.boot.RootLocation;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.fat.FatException;
import io.github.container2boot.fat.FatFileSystem;
import io.github.container2boot.fat.FatOptions;
import io.github.container2boot.fat.VolumeLabel;
import io.github.container2boot.gpt.GptDisk;
import io.github.container2boot.gpt.GptException;
import io.github.container2boot.gpt.GptLayout;
import io.github.container2boot.gpt.GptOptions;
import io.github.container2boot.gpt.Partition;
import io.github.container2boot.gpt.PartitionEntry;
import io.github.container2boot.gpt.PartitionName;
import io.github.container2boot.gpt.PartitionType;
import io.github.container2boot.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// Where root, kernel, initrd and boot loaders lie, and what the kernel is told of it.
///
/// The root is a file on the EFI system partition, as large as FAT lets a file be; a larger one
/// gets a partition of its own, which then has the label the root is found by.
///
/// With a size asked for, the EFI system partition takes what is left; beside a root partition the
/// rest stays free.
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
        contents.and(commandLine.text()).and(options.toString()).and(plan.disk().toString());
    return new DiskLayout(system, plan.disk(), identity, commandLine, esp);
  }

  private static CommandLine commandLine(boolean rootIsFile, BuildPlan plan) throws BootException {
    String label = plan.disk().rootLabel();
    RootLocation location =
        rootIsFile ? new RootLocation.InFile(label) : new RootLocation.InPartition(label);
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
    GptOptions options = GptOptions.exact(settings.sectorSizeBytes(), identity.guid("disk"));
    List<Partition> exact = partitions(OptionalLong.empty());
    return switch (settings.size()) {
      case DiskSize.Automatic _ -> GptDisk.of(exact, options);
      case DiskSize.Exactly(long sizeBytes) -> {
        GptDisk withFreeRest = GptDisk.of(exact, options.withSizeBytes(sizeBytes));
        yield exact.size() > 1
            ? withFreeRest
            : filled(withFreeRest, options.withSizeBytes(sizeBytes));
      }
    };
  }

  /// The same with an EFI system partition that fills the disk, if its larger tables find room.
  private GptDisk filled(GptDisk withFreeRest, GptOptions options) throws GptException {
    long available =
        GptLayout.availableBytes(
            settings.sectorSizeBytes(), List.of(), options.sizeBytes().orElseThrow());
    try {
      return GptDisk.of(partitions(OptionalLong.of(available)), options);
    } catch (FatException tooTight) {
      return withFreeRest;
    }
  }

  private List<Partition> partitions(OptionalLong espBytes) throws FatException, GptException {
    List<Partition> partitions = new ArrayList<>();
    if (fitsFile(system.root())) {
      partitions.add(espPartition(settings.rootLabel(), espBytes));
    } else {
      partitions.add(espPartition(ESP_LABEL, espBytes));
      partitions.add(rootPartition());
    }
    return partitions;
  }

  private Partition espPartition(String label, OptionalLong sizeBytes)
      throws FatException, GptException {
    String name = "EFI system partition";
    FatOptions exact =
        FatOptions.exact(
            settings.sectorSizeBytes(),
            GptLayout.ALIGNMENT_BYTES / settings.sectorSizeBytes(),
            identity.volumeId(name),
            volumeLabel(label));
    FatOptions options = sizeBytes.isPresent() ? exact.withSizeBytes(sizeBytes.getAsLong()) : exact;
    return Partition.of(
        PartitionType.EFI_SYSTEM,
        identity.guid(name),
        PartitionName.of(label),
        FatFileSystem.of(esp, options).content());
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

  /// The partition's label, where FAT can have it: nothing is found by it.
  private static VolumeLabel volumeLabel(String partitionLabel) {
    try {
      return VolumeLabel.of(partitionLabel.toUpperCase(Locale.ROOT));
    } catch (FatException notForFat) {
      return VolumeLabel.none();
    }
  }
}
