package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.Compression;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a kernel was configured with, built in or as a module, as far as a live root needs it.
///
/// @param kernel the kernel it belongs to
/// @param path the file that says so; empty if the image has none
/// @param enabled names of options that are `y` or `m`
public record KernelConfiguration(Version kernel, Optional<TreePath> path, Set<String> enabled) {
  private static final int MAX_BYTES = 4 << 20;

  private static final String SQUASHFS = "CONFIG_SQUASHFS";
  private static final String EROFS = "CONFIG_EROFS_FS";

  private static final List<String> LIVE_ROOT =
      List.of(SQUASHFS, "CONFIG_BLK_DEV_LOOP", "CONFIG_OVERLAY_FS");

  public KernelConfiguration {
    enabled = Set.copyOf(enabled);
  }

  /// The configuration distributions keep beside their kernels, if there is one.
  static KernelConfiguration of(FileTree root, Version kernel) throws IOException {
    List<String> places =
        List.of(
            "/usr/lib/modules/" + kernel + "/config",
            "/lib/modules/" + kernel + "/config",
            "/boot/config-" + kernel,
            "/usr/lib/kernel/config-" + kernel,
            "/usr/lib/modules/" + kernel + "/build/.config");
    for (String place : places) {
      if (root.follow(place).orElse(null) instanceof RegularFile file
          && file.content().sizeBytes() > 0) {
        return read(kernel, TreePath.of(place), file.content());
      }
    }
    return new KernelConfiguration(kernel, Optional.empty(), Set.of());
  }

  private static KernelConfiguration read(Version kernel, TreePath path, Content content)
      throws IOException {
    if (content.sizeBytes() > MAX_BYTES) {
      throw FormatException.unsupported(
          "%s: expected at most %d bytes, found %d"
              .formatted(path, MAX_BYTES, content.sizeBytes()));
    }
    String text = new String(content.toByteArray(), ISO_8859_1);
    return new KernelConfiguration(kernel, Optional.of(path), enabledIn(text));
  }

  /// Lines are `CONFIG_NAME=y`, `=m`, `=value` or `# CONFIG_NAME is not set`.
  static Set<String> enabledIn(String text) {
    Set<String> enabled = new HashSet<>();
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      String name = line.substring(0, Math.max(0, equals));
      if (matters(name)) {
        String value = line.substring(equals + 1).strip();
        if (value.equals("y") || value.equals("m")) {
          enabled.add(name);
        }
      }
    }
    return enabled;
  }

  private static boolean matters(String name) {
    return name.startsWith(SQUASHFS) || name.startsWith(EROFS) || LIVE_ROOT.contains(name);
  }

  /// Whether the image says how the kernel was configured. Where it does not, what follows is what
  /// the kernel's version had upstream.
  public boolean isKnown() {
    return path.isPresent();
  }

  /// Whether the kernel reads EROFS; unknown is no.
  public boolean hasErofs() {
    return enabled.contains(EROFS);
  }

  /// Compressions of SquashFS images the kernel reads.
  public Set<Compression> compressions() {
    Set<Compression> readable = EnumSet.noneOf(Compression.class);
    for (Compression compression : Compression.values()) {
      if (isKnown() ? enabled.contains(option(compression)) : isUsual(compression)) {
        readable.add(compression);
      }
    }
    return readable;
  }

  /// The best compression the kernel reads: zstd, then xz for its size, then gzip, which every
  /// kernel has that has SquashFS.
  public Compression recommendedCompression() {
    Set<Compression> readable = compressions();
    return List.of(
            Compression.ZSTD, Compression.XZ, Compression.GZIP, Compression.LZ4, Compression.LZO)
        .stream()
        .filter(readable::contains)
        .findFirst()
        .orElse(Compression.GZIP);
  }

  /// Asks for a compression.
  ///
  /// @throws BootException with [BootProblem.UnsupportedCompression] if the kernel cannot read it
  public void requireCompression(Compression wanted) throws BootException {
    if (!compressions().contains(wanted)) {
      throw new BootException(
          new BootProblem.UnsupportedCompression(wanted, kernel, compressions()));
    }
  }

  /// @throws BootException with [BootProblem.KernelLacksOptions] if a live root cannot be mounted
  void requireLiveRoot() throws BootException {
    List<String> missing = new ArrayList<>(LIVE_ROOT);
    missing.removeAll(enabled);
    if (isKnown() && !missing.isEmpty()) {
      throw new BootException(
          new BootProblem.KernelLacksOptions(kernel, path.orElseThrow(), missing));
    }
  }

  private static String option(Compression compression) {
    return switch (compression) {
      case GZIP -> "CONFIG_SQUASHFS_ZLIB";
      case XZ -> "CONFIG_SQUASHFS_XZ";
      case LZO -> "CONFIG_SQUASHFS_LZO";
      case LZ4 -> "CONFIG_SQUASHFS_LZ4";
      case ZSTD -> "CONFIG_SQUASHFS_ZSTD";
    };
  }

  /// Since which version the kernel has had it; distributions turn all of them on but lzo.
  private boolean isUsual(Compression compression) {
    return switch (compression) {
      case GZIP -> true;
      case XZ -> isSince("2.6.38");
      case LZ4 -> isSince("3.19");
      case ZSTD -> isSince("4.14");
      case LZO -> false;
    };
  }

  private boolean isSince(String version) {
    return kernel.compareTo(new Version(version)) >= 0;
  }
}
