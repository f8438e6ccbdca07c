package io.github.container2boot.boot;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.TreePath;
import java.util.List;

/// A kernel in a root file system.
///
/// @param version its release, `uname -r`
/// @param path where it lies, symbolic links followed
/// @param names what its initrd may be named after: the version, then flavours (`linux`, `lts`)
/// @param content the file, put on the medium unchanged
/// @param image what it says about itself
/// @param configuration how it was configured
public record Kernel(
    Version version,
    TreePath path,
    List<String> names,
    Content content,
    KernelImage image,
    KernelConfiguration configuration) {
  public Kernel {
    names = List.copyOf(names);
  }

  public Architecture architecture() {
    return image.architecture();
  }
}
