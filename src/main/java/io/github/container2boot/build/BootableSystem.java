package io.github.container2boot.build;

import io.github.container2boot.boot.BootException;
import io.github.container2boot.boot.BootFiles;
import io.github.container2boot.boot.BootOptions;
import io.github.container2boot.boot.LiveRoot;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.compress.Compression;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.selinux.FileContexts;
import io.github.container2boot.squashfs.AssembledImage;
import io.github.container2boot.squashfs.SquashfsAssembler;
import io.github.container2boot.squashfs.SquashfsAssembler.PlacedData;
import io.github.container2boot.squashfs.SquashfsOptions;
import io.github.container2boot.tree.FileTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.Optional;

/// A root file system and what boots it: everything that is decided before the first output is
/// written.
///
/// @param files kernel, initrd and boot loaders
/// @param image the root's SquashFS image
/// @param compression how it is compressed
/// @param selinuxPolicy the policy by which it is labelled, if it has one
/// @param created the time that stands in the outputs where a format wants one
record BootableSystem(
    BootFiles files,
    AssembledImage image,
    CompressionSettings compression,
    Optional<String> selinuxPolicy,
    Instant created) {

  Content root() {
    return image.content();
  }

  /// Makes a system of `merged`, a root file system that reads from layer images.
  ///
  /// @param scratch takes what has to be compressed anew; the root reads from it
  static BootableSystem of(FileTree merged, BuildPlan plan, Instant created, FileChannel scratch)
      throws IOException, BootException {
    try (Aside<Optional<FileContexts>> policy =
        Aside.start("policy", () -> FileContexts.of(merged))) {
      BootFiles files = BootFiles.find(merged, bootOptions(plan.boot()));
      CompressionSettings compression = compression(plan.root(), files);
      FileTree whole = LiveRoot.withMountPoints(merged, created);
      FileTree kept = plan.root().keepInitrd() ? whole : withoutInitrd(whole, files);
      SquashfsOptions options =
          new SquashfsOptions(compression, plan.root().blockSizeBytes(), created, plan.threads());
      return new BootableSystem(
          files,
          image(kept, policy.result(), options, scratch),
          compression,
          policy.result().map(FileContexts::type).map(Object::toString),
          created);
    }
  }

  /// Labels change nothing of where data goes, so both are found out at the same time.
  private static AssembledImage image(
      FileTree root, Optional<FileContexts> policy, SquashfsOptions options, FileChannel scratch)
      throws IOException {
    try (Aside<PlacedData> placed =
        Aside.start("place", () -> SquashfsAssembler.place(root, options, scratch))) {
      FileTree labelled = policy.isPresent() ? policy.get().relabelled(root) : root;
      return placed.result().image(labelled);
    }
  }

  /// What a layer is compressed with, before its kernel is known.
  static CompressionSettings firstChoice(CompressionChoice choice) {
    return switch (choice) {
      case CompressionChoice.Automatic _ -> CompressionSettings.of(Compression.ZSTD);
      case CompressionChoice.Given(CompressionSettings settings) -> settings;
    };
  }

  static BootOptions bootOptions(BuildPlan.BootSettings settings) {
    Optional<String> version =
        switch (settings.kernel()) {
          case KernelChoice.Newest _ -> Optional.empty();
          case KernelChoice.Version(String wanted) -> Optional.of(wanted);
        };
    return new BootOptions(version, settings.force());
  }

  /// What the kernel can read decides, unless the user did.
  private static CompressionSettings compression(BuildPlan.RootSettings settings, BootFiles files)
      throws BootException {
    CompressionSettings first = firstChoice(settings.compression());
    return switch (settings.compression()) {
      case CompressionChoice.Given _ -> {
        files.kernel().configuration().requireCompression(first.compression());
        yield first;
      }
      case CompressionChoice.Automatic _ -> {
        Compression best = files.kernel().configuration().recommendedCompression();
        yield best == first.compression() ? first : CompressionSettings.of(best);
      }
    };
  }

  /// The initrd lies on the EFI system partition; inside the root it would only take space.
  private static FileTree withoutInitrd(FileTree root, BootFiles files) {
    return root.without(files.initrd().path());
  }
}
