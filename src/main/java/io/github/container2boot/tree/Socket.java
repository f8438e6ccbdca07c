package io.github.container2boot.tree;

/// The name of a local socket, unix(7).
public final class Socket extends Inode {
  public Socket(Attributes attributes) {
    super(attributes);
  }

  @Override
  public Socket withAttributes(Attributes changed) {
    return new Socket(changed);
  }
}
