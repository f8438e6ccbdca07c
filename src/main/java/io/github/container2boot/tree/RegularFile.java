package io.github.container2boot.tree;

import io.github.container2boot.bytes.Content;

/// A file with data.
public final class RegularFile extends Inode {
  private final Content content;

  public RegularFile(Attributes attributes, Content content) {
    super(attributes);
    this.content = content;
  }

  public Content content() {
    return content;
  }

  @Override
  public RegularFile withAttributes(Attributes changed) {
    return new RegularFile(changed, content);
  }
}
