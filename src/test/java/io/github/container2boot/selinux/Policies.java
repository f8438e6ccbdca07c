package io.github.container2boot.selinux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.Fifo;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.Socket;
import io.github.container2boot.tree.SymbolicLink;
import java.time.Instant;
import java.util.Map;

/// Root filesystems that hold a policy and nothing else.
final class Policies {
  static final Attributes PLAIN = Attributes.ofRoot(0755, Instant.EPOCH);

  private Policies() {}

  /// A tree with these files, paths relative to /etc/selinux, texts as ISO-8859-1.
  static FileTree tree(Map<String, String> files) {
    FileTreeBuilder builder = new FileTreeBuilder(PLAIN);
    files.forEach((path, text) -> builder.put("/etc/selinux/" + path, file(text)));
    return builder.build();
  }

  /// A policy called `default` with these files, named by what follows `file_contexts`.
  static FileTree policy(Map<String, String> files) {
    FileTreeBuilder builder = new FileTreeBuilder(PLAIN);
    files.forEach((suffix, text) ->
        builder.put("/etc/selinux/default/contexts/files/file_contexts" + suffix, file(text)));
    return builder.build();
  }

  static RegularFile file(String text) {
    return new RegularFile(PLAIN, Content.of(text.getBytes(ISO_8859_1)));
  }

  static Inode inode(FileType type) {
    return switch (type) {
      case REGULAR_FILE -> file("");
      case DIRECTORY -> Directory.empty(PLAIN);
      case SYMBOLIC_LINK -> new SymbolicLink(PLAIN, ByteString.utf8("target"));
      case CHARACTER_DEVICE -> new DeviceNode(PLAIN, DeviceNode.Kind.CHARACTER, 1, 3);
      case BLOCK_DEVICE -> new DeviceNode(PLAIN, DeviceNode.Kind.BLOCK, 8, 0);
      case SOCKET -> new Socket(PLAIN);
      case FIFO -> new Fifo(PLAIN);
    };
  }
}
