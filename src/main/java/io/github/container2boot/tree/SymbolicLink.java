package io.github.container2boot.tree;

import io.github.container2boot.bytes.ByteString;

/// A symbolic link; its target is bytes, and need not be there.
public final class SymbolicLink extends Inode {
  private final ByteString target;

  public SymbolicLink(Attributes attributes, ByteString target) {
    super(attributes);
    this.target = target;
  }

  public ByteString target() {
    return target;
  }

  @Override
  public SymbolicLink withAttributes(Attributes changed) {
    return new SymbolicLink(changed, target);
  }
}
