package io.github.container2boot.layer;

import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.TreePath;

/// A tree of files, seen as a layer that has nothing below it: it hides nothing, whatever its files
/// look like.
final class WholeTree implements FileTree.AttributeChange<TreePath, RuntimeException> {
  private final StorableAttributes storable = new StorableAttributes();

  private WholeTree() {}

  /// The layer in overlayfs form.
  static FileTree asLayer(FileTree files) {
    WholeTree whole = new WholeTree();
    FileTree layer = files.withAttributes(whole);
    return new FileTree(whole.storable.markDropped(layer.root()));
  }

  @Override
  public TreePath root() {
    return TreePath.root();
  }

  @Override
  public TreePath below(TreePath directory, FileName name) {
    return directory.child(name);
  }

  @Override
  public Attributes attributes(TreePath path, Inode inode) {
    Attributes attributes = storable.of(inode.attributes(), path);
    return inode instanceof DeviceNode device
        ? LayerMarks.noWhiteout(device.withAttributes(attributes)).attributes()
        : attributes;
  }
}
