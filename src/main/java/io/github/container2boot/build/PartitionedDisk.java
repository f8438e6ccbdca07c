package io.github.container2boot.build;

import io.github.container2boot.fat.FatException;
import io.github.container2boot.fat.FatFileSystem;
import io.github.container2boot.fat.FatOptions;
import io.github.container2boot.fat.VolumeLabel;
import io.github.container2boot.gpt.GptDisk;
import io.github.container2boot.gpt.GptException;
import io.github.container2boot.gpt.GptLayout;
import io.github.container2boot.gpt.GptOptions;
import io.github.container2boot.gpt.Partition;
import io.github.container2boot.gpt.PartitionName;
import io.github.container2boot.gpt.PartitionType;
import io.github.container2boot.tree.FileTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// A disk with an EFI system partition and others behind it, or none.
///
/// With a size asked for, the EFI system partition takes what is left; beside other partitions the
/// rest stays free.
///
/// @param esp the files of the EFI system partition
/// @param espLabel its label
/// @param others the partitions behind it
/// @param identity what all identifiers follow from
record PartitionedDisk(
    FileTree esp,
    String espLabel,
    List<Partition> others,
    BuildPlan.DiskSettings settings,
    Identity identity) {

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
    partitions.add(espPartition(espBytes));
    partitions.addAll(others);
    return partitions;
  }

  private Partition espPartition(OptionalLong sizeBytes) throws FatException, GptException {
    String name = "EFI system partition";
    FatOptions exact =
        FatOptions.exact(
            settings.sectorSizeBytes(),
            GptLayout.ALIGNMENT_BYTES / settings.sectorSizeBytes(),
            identity.volumeId(name),
            volumeLabel());
    FatOptions options = sizeBytes.isPresent() ? exact.withSizeBytes(sizeBytes.getAsLong()) : exact;
    return Partition.of(
        PartitionType.EFI_SYSTEM,
        identity.guid(name),
        PartitionName.of(espLabel),
        FatFileSystem.of(esp, options).content());
  }

  /// The partition's label, where FAT can have it: nothing is found by it.
  private VolumeLabel volumeLabel() {
    try {
      return VolumeLabel.of(espLabel.toUpperCase(Locale.ROOT));
    } catch (FatException notForFat) {
      return VolumeLabel.none();
    }
  }
}
