package io.github.container2boot.install;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/// A file system of its own for a test, where that is allowed; elsewhere the test is skipped.
record SmallFileSystem(Path root) implements AutoCloseable {
  static SmallFileSystem mount(Path root, long sizeBytes) {
    Tools.require("mount");
    Tools.requireRoot();
    Tools.Result result =
        Tools.execute("mount", "-t", "tmpfs", "-o", "size=" + sizeBytes, "tmpfs", root);
    assumeTrue(result.exitCode() == 0, () -> "needs to mount a tmpfs: " + result.text());
    return new SmallFileSystem(root);
  }

  static SmallFileSystem mountFat(Path root, Path image) throws IOException {
    Tools.require("mount", "mkfs.fat");
    Tools.requireRoot();
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(64 << 20);
    }
    Tools.run("mkfs.fat", "-F", "32", image);
    Tools.Result result = Tools.execute("mount", "-t", "vfat", "-o", "loop", image, root);
    assumeTrue(
        result.exitCode() == 0,
        () -> "needs to mount a FAT: " + result.text().lines().findFirst().orElse(""));
    return new SmallFileSystem(root);
  }

  @Override
  public void close() {
    Tools.run("umount", root);
  }
}
