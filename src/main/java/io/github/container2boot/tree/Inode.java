package io.github.container2boot.tree;

/// A file of any type, without its name. Compared by identity: the same inode under two names is a
/// hard link.
public abstract sealed class Inode
    permits Directory, RegularFile, SymbolicLink, DeviceNode, Fifo, Socket {
  private final Attributes attributes;

  Inode(Attributes attributes) {
    this.attributes = attributes;
  }

  public final Attributes attributes() {
    return attributes;
  }

  /// A new inode that differs in its attributes only.
  public abstract Inode withAttributes(Attributes changed);
}
