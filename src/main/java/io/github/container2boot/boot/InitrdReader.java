package io.github.container2boot.boot;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

final class InitrdReader {
  private InitrdReader() {}

  static Initrd read(TreePath path, Content content) throws IOException {
    return new Initrd(
        path, content, Initrd.Generator.DRACUT, Optional.empty(), Set.of("dmsquash-live"));
  }
}
