package io.github.container2boot.selinux;

import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.Fifo;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.Socket;
import io.github.container2boot.tree.SymbolicLink;
import java.util.Optional;

/// The file type specifiers of file_contexts(5): `ls -l`'s letter after a minus.
enum FileType {
  REGULAR_FILE("--"),
  DIRECTORY("-d"),
  SYMBOLIC_LINK("-l"),
  CHARACTER_DEVICE("-c"),
  BLOCK_DEVICE("-b"),
  SOCKET("-s"),
  FIFO("-p");

  private final String specifier;

  FileType(String specifier) {
    this.specifier = specifier;
  }

  static Optional<FileType> ofSpecifier(String specifier) {
    for (FileType type : values()) {
      if (type.specifier.equals(specifier)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  static FileType of(Inode inode) {
    return switch (inode) {
      case RegularFile _ -> REGULAR_FILE;
      case Directory _ -> DIRECTORY;
      case SymbolicLink _ -> SYMBOLIC_LINK;
      case DeviceNode node ->
          switch (node.kind()) {
            case CHARACTER -> CHARACTER_DEVICE;
            case BLOCK -> BLOCK_DEVICE;
          };
      case Socket _ -> SOCKET;
      case Fifo _ -> FIFO;
    };
  }
}
