package io.github.container2boot.squashfs;

import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.Fifo;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.Socket;
import io.github.container2boot.tree.SymbolicLink;

/// The numbers of inode types. A directory's entries always name the basic one; an inode that needs
/// more fields than its basic form has is stored as the extended one, which is seven higher.
final class InodeType {
  static final int DIRECTORY = 1;
  static final int FILE = 2;
  static final int SYMBOLIC_LINK = 3;
  static final int BLOCK_DEVICE = 4;
  static final int CHARACTER_DEVICE = 5;
  static final int FIFO = 6;
  static final int SOCKET = 7;

  private static final int EXTENDED = 7;

  private InodeType() {}

  static int of(Inode inode) {
    return switch (inode) {
      case Directory _ -> DIRECTORY;
      case RegularFile _ -> FILE;
      case SymbolicLink _ -> SYMBOLIC_LINK;
      case DeviceNode device ->
          switch (device.kind()) {
            case BLOCK -> BLOCK_DEVICE;
            case CHARACTER -> CHARACTER_DEVICE;
          };
      case Fifo _ -> FIFO;
      case Socket _ -> SOCKET;
    };
  }

  static boolean isExtended(int type) {
    return type > SOCKET;
  }

  static int extended(int type) {
    return type + EXTENDED;
  }

  static int basic(int type) {
    return isExtended(type) ? type - EXTENDED : type;
  }
}
