package io.github.container2boot.boot;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An initial root file system and what it can do.
///
/// @param path where it lies, symbolic links followed
/// @param content the file, put on the medium unchanged
/// @param generator what made it
/// @param generatorVersion its version, where the initrd says so
/// @param modules dracut's modules in it; empty for other generators
public record Initrd(
    TreePath path,
    Content content,
    Generator generator,
    Optional<Version> generatorVersion,
    Set<String> modules) {
  private static final String LIVE = "dmsquash-live";
  private static final String LIVE_NETWORK = "livenet";
  private static final Version FIRST_WITH_PARTITIONS = new Version("052");

  public Initrd {
    modules = Set.copyOf(modules);
  }

  /// Reads what an initrd says of itself.
  ///
  /// @param path what errors call it
  /// @throws FormatException if it is none
  public static Initrd read(TreePath path, Content content) throws IOException {
    return InitrdReader.read(path, content);
  }

  /// Programs that make initrds.
  public enum Generator {
    DRACUT("dracut"),
    INITRAMFS_TOOLS("initramfs-tools"),
    /// initramfs-tools with live-boot, which boots live roots in a way of its own.
    LIVE_BOOT("initramfs-tools with live-boot"),
    MKINITCPIO("mkinitcpio"),
    MKINITFS("Alpine's mkinitfs"),
    UNKNOWN("an unknown program");

    private final String shownName;

    Generator(String shownName) {
      this.shownName = shownName;
    }

    @Override
    public String toString() {
      return shownName;
    }
  }

  /// Whether it boots a root that `root=live:` names.
  public boolean canBootLive() {
    return generator == Generator.DRACUT && modules.contains(LIVE);
  }

  /// Whether it fetches such a root from a server.
  public boolean canBootFromNetwork() {
    return canBootLive() && modules.contains(LIVE_NETWORK);
  }

  /// @throws BootException with [BootProblem.InitrdCannotBootLive]
  void requireLiveRoot(Distribution distribution) throws BootException {
    if (!canBootLive()) {
      List<String> missing = generator == Generator.DRACUT ? List.of(LIVE) : List.of();
      throw new BootException(
          new BootProblem.InitrdCannotBootLive(path, generator, missing, distribution));
    }
  }

  /// Asks for what a root in a partition of its own needs. An initrd that does not tell dracut's
  /// version is believed to be recent.
  ///
  /// @throws BootException with [BootProblem.InitrdTooOldForPartition]
  public void requirePartition() throws BootException {
    if (generatorVersion.isPresent()
        && generatorVersion.get().compareTo(FIRST_WITH_PARTITIONS) < 0) {
      throw new BootException(
          new BootProblem.InitrdTooOldForPartition(path, generatorVersion.get()));
    }
  }
}
