package io.github.container2boot.layer;

import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.TreePath;
import org.jspecify.annotations.Nullable;

/// A tree of files, seen as a layer that has nothing below it: it hides nothing, whatever its files
/// look like.
final class WholeTree implements FileTree.AttributeChange<WholeTree.Place, RuntimeException> {
  private final StorableAttributes storable = new StorableAttributes();

  private WholeTree() {}

  /// The layer in overlayfs form.
  static FileTree asLayer(FileTree files) {
    WholeTree whole = new WholeTree();
    FileTree layer = files.withAttributes(whole);
    return new FileTree(whole.storable.markDropped(layer.root()));
  }

  /// Where an inode is; paths are wanted of very few.
  ///
  /// @param directory none if this is the root, whose name says nothing
  record Place(@Nullable Place directory, FileName name) {
    TreePath path() {
      return directory == null ? TreePath.root() : directory.path().child(name);
    }
  }

  @Override
  public Place root() {
    return new Place(null, FileName.of("root"));
  }

  @Override
  public Place below(Place directory, FileName name) {
    return new Place(directory, name);
  }

  @Override
  public Attributes attributes(Place place, Inode inode) {
    Attributes attributes = storable.of(inode.attributes(), place::path);
    return inode instanceof DeviceNode device
        ? LayerMarks.noWhiteout(device.withAttributes(attributes)).attributes()
        : attributes;
  }
}
