package io.github.container2boot.build;

import io.github.container2boot.oci.Platform;
import io.github.container2boot.source.Source;
import io.github.container2boot.source.SourceSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Every choice of a build.
///
/// @param source where the image comes from
/// @param sourceSettings what is said about getting images from elsewhere
/// @param platform which entry of a multi-platform index; empty: this machine's, or the only one
/// @param outputDirectory where the outputs go
/// @param formats what is made, each once
/// @param cache where layer images are kept; the outputs do not depend on it
/// @param threads how many threads compress at the same time; the outputs do not depend on it
public record BuildPlan(
    Source source,
    SourceSettings sourceSettings,
    Optional<Platform> platform,
    Path outputDirectory,
    List<OutputFormat> formats,
    RootSettings root,
    BootSettings boot,
    DiskSettings disk,
    BuildTime time,
    CacheChoice cache,
    int threads) {
  public BuildPlan {
    Set<String> wanted = formats.stream().map(OutputFormat::name).collect(Collectors.toSet());
    formats = OutputFormat.ALL.stream().filter(format -> wanted.contains(format.name())).toList();
    if (formats.isEmpty()) {
      throw new IllegalArgumentException("no output format");
    }
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads");
    }
  }

  /// The root file system.
  ///
  /// @param blockSizeBytes a power of two from 4 KiB to 1 MiB
  /// @param keepInitrd whether the initrd also stays inside the root
  public record RootSettings(
      CompressionChoice compression, int blockSizeBytes, boolean keepInitrd) {
    public static final int USUAL_BLOCK_SIZE_BYTES = 128 << 10;
    public static final int LEAST_BLOCK_SIZE_BYTES = 4 << 10;
    public static final int MOST_BLOCK_SIZE_BYTES = 1 << 20;

    public RootSettings {
      if (Integer.bitCount(blockSizeBytes) != 1
          || blockSizeBytes < LEAST_BLOCK_SIZE_BYTES
          || blockSizeBytes > MOST_BLOCK_SIZE_BYTES) {
        throw new IllegalArgumentException("blocks of " + blockSizeBytes + " bytes");
      }
    }
  }

  /// How it boots.
  ///
  /// @param appendedArguments what is added to the kernel's command line, in this order
  /// @param keepFallback whether the medium may bring the loader that writes boot entries into the
  ///   machine's NVRAM
  /// @param force whether to go on with an initrd that does not look as if it could boot this
  public record BootSettings(
      KernelChoice kernel, List<String> appendedArguments, boolean keepFallback, boolean force) {
    public BootSettings {
      appendedArguments = List.copyOf(appendedArguments);
    }
  }

  /// The disk around it.
  ///
  /// @param sectorSizeBytes 512 or 4096
  /// @param rootLabel the label of the GPT partition on which the root is found
  public record DiskSettings(DiskSize size, int sectorSizeBytes, String rootLabel) {
    public DiskSettings {
      if (sectorSizeBytes != 512 && sectorSizeBytes != 4096) {
        throw new IllegalArgumentException("sectors of " + sectorSizeBytes + " bytes");
      }
    }

    /// What tells it from others with the same content.
    String facts() {
      String bytes =
          size instanceof DiskSize.Exactly(long sizeBytes) ? Long.toString(sizeBytes) : "automatic";
      return String.join("\n", "size " + bytes, "sectors " + sectorSizeBytes, "label " + rootLabel);
    }
  }
}
