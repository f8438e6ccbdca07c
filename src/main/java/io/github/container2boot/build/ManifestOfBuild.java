package io.github.container2boot.build;

import io.github.container2boot.boot.CommandLine;
import io.github.container2boot.boot.SecureBoot;
import io.github.container2boot.gpt.GptDisk;
import io.github.container2boot.gpt.PartitionEntry;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Gathers what a build has found and made for its [Manifest].
final class ManifestOfBuild {
  private ManifestOfBuild() {}

  static Manifest of(
      BuildPlan plan,
      Image image,
      List<Manifest.Layer> layers,
      BootableSystem system,
      CommandLine commandLine,
      Optional<GptDisk> disk,
      List<String> warnings,
      List<Output> outputs) {
    return new Manifest(
        ToolVersion.current(),
        system.files().osRelease().prettyName(),
        system.created(),
        source(plan, image, layers, system),
        layers,
        kernel(system),
        commandLine.text(),
        root(plan, system),
        system.selinuxPolicy(),
        signatures(system.files().secureBoot()),
        disk.map(made -> partitionTable(made, plan)),
        warnings,
        outputs);
  }

  /// A plain tarball has no digest but its own.
  private static Manifest.Source source(
      BuildPlan plan, Image image, List<Manifest.Layer> layers, BootableSystem system) {
    String digest = image.digest().map(Digest::toString).orElse(layers.getFirst().diffId());
    return new Manifest.Source(plan.source().toString(), digest, platform(image, system));
  }

  /// What the image says of itself, else what its kernel is for.
  private static String platform(Image image, BootableSystem system) {
    Platform ofKernel =
        new Platform("linux", system.files().kernel().architecture().containerName(), "");
    return image.config().platform().orElse(ofKernel).toString();
  }

  private static Manifest.Kernel kernel(BootableSystem system) {
    return new Manifest.Kernel(
        system.files().kernel().version().toString(),
        system.files().kernel().path().toString(),
        system.files().initrd().path().toString());
  }

  private static Manifest.RootFilesystem root(BuildPlan plan, BootableSystem system) {
    return new Manifest.RootFilesystem(
        "squashfs",
        system.compression().toString(),
        plan.root().blockSizeBytes(),
        system.root().sizeBytes(),
        plan.disk().rootLabel());
  }

  private static List<Manifest.Signature> signatures(SecureBoot secureBoot) {
    return secureBoot.programs().stream()
        .map(program ->
            new Manifest.Signature(program.path().toString(), program.signers(), program.trust()))
        .toList();
  }

  private static Manifest.PartitionTable partitionTable(GptDisk disk, BuildPlan plan) {
    int sectorSizeBytes = plan.disk().sectorSizeBytes();
    List<Manifest.Partition> partitions = new ArrayList<>();
    for (PartitionEntry entry : disk.entries()) {
      partitions.add(
          new Manifest.Partition(
              partitions.size() + 1,
              entry.name().toString(),
              entry.type().toString(),
              entry.uniqueId().toString(),
              entry.firstSector() * sectorSizeBytes,
              entry.sizeSectors() * sectorSizeBytes));
    }
    return new Manifest.PartitionTable(
        disk.diskId().toString(), sectorSizeBytes, disk.layout().sizeBytes(), partitions);
  }
}
