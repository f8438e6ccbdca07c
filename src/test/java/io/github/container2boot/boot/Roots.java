package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.SymbolicLink;
import java.time.Instant;

/// Builds root file systems for tests.
final class Roots {
  private static final Attributes DIRECTORY = Attributes.ofRoot(0755, Instant.EPOCH);
  private static final Attributes FILE = Attributes.ofRoot(0644, Instant.EPOCH);

  private final FileTreeBuilder tree = new FileTreeBuilder(DIRECTORY);

  Roots file(String path, Content content) {
    tree.put(path, new RegularFile(FILE, content));
    return this;
  }

  Roots file(String path, byte[] content) {
    return file(path, Content.of(content));
  }

  Roots file(String path, String text) {
    return file(path, text.getBytes(UTF_8));
  }

  Roots link(String path, String target) {
    tree.put(path, new SymbolicLink(FILE, ByteString.utf8(target)));
    return this;
  }

  Roots directory(String path) {
    tree.put(path, Directory.empty(DIRECTORY));
    return this;
  }

  FileTree build() {
    return tree.build();
  }
}
