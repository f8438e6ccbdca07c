package io.github.container2boot.boot;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Finds the initrd of a kernel.
///
/// It is named after the kernel's version, or on Arch and Alpine after its flavour. Where there are
/// several, as after a change of generators, the first that can boot a live root is taken, else the
/// first.
final class Initrds {
  /// `%s` is the kernel's version.
  private static final List<String> OF_VERSION =
      List.of(
          "/usr/lib/modules/%s/initramfs.img",
          "/usr/lib/modules/%s/initrd",
          "/lib/modules/%s/initramfs.img",
          "/lib/modules/%s/initrd",
          "/boot/initrd.img-%s",
          "/boot/initramfs-%s.img",
          "/boot/initrd-%s",
          "/boot/initrd-%s.img",
          "/boot/initramfs-%s");

  /// `%s` is the kernel's flavour.
  private static final List<String> OF_FLAVOUR =
      List.of("/boot/initramfs-%s.img", "/boot/initramfs-%s", "/boot/initrd-%s");

  private Initrds() {}

  /// @throws BootException with [BootProblem.NoInitrd]
  /// @throws FormatException if a file in an initrd's place is none
  static Initrd find(FileTree root, Kernel kernel, Distribution distribution)
      throws IOException, BootException {
    List<Initrd> found = new ArrayList<>();
    for (TreePath path : files(root, kernel)) {
      Initrd initrd = read(root, path);
      if (initrd.canBootLive()) {
        return initrd;
      }
      found.add(initrd);
    }
    if (found.isEmpty()) {
      throw new BootException(
          new BootProblem.NoInitrd(kernel.version(), distribution, paths(kernel)));
    }
    return found.getFirst();
  }

  /// Where the kernel's initrds lie, links followed, each once.
  private static Set<TreePath> files(FileTree root, Kernel kernel) {
    Set<TreePath> files = new LinkedHashSet<>();
    for (String path : paths(kernel)) {
      root.resolve(TreePath.of(path)).filter(found -> isInitrd(root, found)).ifPresent(files::add);
    }
    return files;
  }

  private static boolean isInitrd(FileTree root, TreePath path) {
    return root.find(path).orElse(null) instanceof RegularFile file
        && file.content().sizeBytes() > 0;
  }

  private static List<String> paths(Kernel kernel) {
    List<String> paths = new ArrayList<>();
    String version = kernel.version().text();
    OF_VERSION.forEach(path -> paths.add(path.formatted(version)));
    for (String flavour : kernel.names().subList(1, kernel.names().size())) {
      OF_FLAVOUR.forEach(path -> paths.add(path.formatted(flavour)));
    }
    return paths;
  }

  private static Initrd read(FileTree root, TreePath path) throws IOException {
    Content content = ((RegularFile) root.find(path).orElseThrow()).content();
    try {
      return InitrdReader.read(path, content);
    } catch (FormatException problem) {
      throw problem.in(path.toString());
    }
  }
}
