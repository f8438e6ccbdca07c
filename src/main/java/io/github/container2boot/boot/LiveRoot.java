package io.github.container2boot.boot;

import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.TreePath;
import java.time.Instant;
import java.util.List;

/// What dracut wants to see in a root file system that lies directly in a SquashFS image.
public final class LiveRoot {
  private static final List<String> MOUNT_POINTS = List.of("/dev", "/proc", "/run", "/sys");
  private static final String TEMPORARY = "/tmp";
  private static final String LIVE_IMAGE = "/LiveOS";

  private LiveRoot() {}

  /// The root with every directory that something is mounted on while it boots. Images made from
  /// scratch may lack them, as container engines make them up; dracut up to 105 tells a root by its
  /// `/proc`, and a kernel without devtmpfs on `/dev` has no console.
  ///
  /// @param modified the time of directories that are added
  public static FileTree withMountPoints(FileTree root, Instant modified) {
    List<String> missing = MOUNT_POINTS.stream().filter(path -> isMissing(root, path)).toList();
    boolean lacksTemporary = isMissing(root, TEMPORARY);
    if (missing.isEmpty() && !lacksTemporary) {
      return root;
    }
    Attributes attributes = Attributes.ofRoot(0755, modified);
    FileTreeBuilder builder = FileTreeBuilder.of(root, attributes);
    missing.forEach(path -> builder.put(path, Directory.empty(attributes)));
    if (lacksTemporary) {
      builder.put(TEMPORARY, Directory.empty(Attributes.ofRoot(01777, modified)));
    }
    return builder.build();
  }

  /// dracut takes a root with a directory /LiveOS for a live medium that holds the root elsewhere.
  ///
  /// @throws BootException with [BootProblem.RootTakenForMedium]
  static void require(FileTree root) throws BootException {
    if (root.find(LIVE_IMAGE).orElse(null) instanceof Directory) {
      throw new BootException(new BootProblem.RootTakenForMedium(LIVE_IMAGE));
    }
  }

  private static boolean isMissing(FileTree root, String path) {
    return root.find(TreePath.of(path)).isEmpty();
  }
}
