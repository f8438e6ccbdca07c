package io.github.container2boot.tree;

/// A named pipe, fifo(7).
public final class Fifo extends Inode {
  public Fifo(Attributes attributes) {
    super(attributes);
  }

  @Override
  public Fifo withAttributes(Attributes changed) {
    return new Fifo(changed);
  }
}
