package io.github.container2boot.boot;

import io.github.container2boot.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What a root file system boots with.
///
/// @param osRelease what it says it is
/// @param kernel the kernel that was chosen
/// @param initrd the one made for it
/// @param bootLoader for the kernel's processor
/// @param secureBoot whether loader and kernel are signed
/// @param forced problems that would have stopped it but for [BootOptions#force]
public record BootFiles(
    OsRelease osRelease,
    Kernel kernel,
    Initrd initrd,
    BootLoader bootLoader,
    SecureBoot secureBoot,
    List<BootProblem> forced) {
  public BootFiles {
    forced = List.copyOf(forced);
  }

  /// Finds all of it.
  ///
  /// @throws BootException if something is missing or does not fit; nothing was changed
  /// @throws FormatException if a file is not what its name says
  public static BootFiles find(FileTree root, BootOptions options)
      throws IOException, BootException {
    List<BootProblem> forced = new ArrayList<>();
    OsRelease release = OsRelease.of(root);
    Kernel kernel = Kernels.select(root, options.kernelVersion(), release.distribution());
    unlessForced(options, forced, () -> LiveRoot.require(root));
    unlessForced(options, forced, kernel.configuration()::requireLiveRoot);
    Initrd initrd = Initrds.find(root, kernel, release.distribution());
    unlessForced(options, forced, () -> initrd.requireLiveRoot(release.distribution()));
    BootLoader loader = BootLoaders.find(root, kernel.architecture(), release);
    SecureBoot secureBoot = SecureBoot.of(loader, kernel);
    return new BootFiles(release, kernel, initrd, loader, secureBoot, forced);
  }

  @FunctionalInterface
  private interface Requirement {
    void check() throws BootException;
  }

  private static void unlessForced(
      BootOptions options, List<BootProblem> forced, Requirement requirement) throws BootException {
    try {
      requirement.check();
    } catch (BootException failure) {
      if (!options.force()) {
        throw failure;
      }
      forced.add(failure.problem());
    }
  }
}
