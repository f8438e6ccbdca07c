package io.github.container2boot.squashfs;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// An image mounted by the kernel; the test is skipped where that is not allowed.
record KernelMount(Path root) implements AutoCloseable {
  static KernelMount of(Path image) throws IOException {
    Tools.require("mount");
    Tools.requireRoot();
    Path probe = Files.createTempFile("probe", ".squashfs");
    try {
      Images.write(probe, Images.builder().build(), Images.options("gzip"));
      assumeTrue(
          mount(probe).exitCode() == 0, "needs a kernel that lets us mount SquashFS from a file");
      Tools.run("umount", pointOf(probe));
    } finally {
      Files.deleteIfExists(pointOf(probe));
      Files.deleteIfExists(probe);
    }
    Tools.Result result = mount(image);
    if (result.exitCode() != 0) {
      throw new AssertionError("the kernel refuses to mount it: " + result.text());
    }
    return new KernelMount(pointOf(image));
  }

  private static Tools.Result mount(Path image) throws IOException {
    Files.createDirectories(pointOf(image));
    return Tools.execute("mount", "-t", "squashfs", "-o", "loop,ro", image, pointOf(image));
  }

  private static Path pointOf(Path image) {
    return image.resolveSibling(image.getFileName() + ".mounted");
  }

  @Override
  public void close() {
    Tools.run("umount", root);
  }
}
