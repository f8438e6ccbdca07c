package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.FileTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// An image file, open as long as its tree is used.
record OpenImage(FileChannel file, SquashfsImage image) implements AutoCloseable {
  static OpenImage open(Path path) throws IOException {
    FileChannel file = FileChannel.open(path);
    return new OpenImage(file, SquashfsImage.read(Content.ofFile(file, 0, file.size())));
  }

  FileTree tree() {
    return image.tree();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
