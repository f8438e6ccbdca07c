package io.github.container2boot.layer;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.squashfs.BlockWorkers;
import io.github.container2boot.squashfs.SquashfsImage;
import io.github.container2boot.squashfs.SquashfsWriter;
import io.github.container2boot.tar.TarEntry;
import io.github.container2boot.tar.TarReader;
import io.github.container2boot.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;

/// One layer as a SquashFS image.
///
/// @param tree what the layer adds and hides, in overlayfs form; its files read from the image
public record LayerImage(FileTree tree) {
  /// Changes whenever the same layer and options give other bytes: with our own code, and with the
  /// libraries that compress. What a cache holds of other versions is of no use.
  public static final int FORMAT_VERSION = 1;

  /// Writes the image of the layer in `archive`, an uncompressed tar stream, to `target`.
  ///
  /// The stream is read to its very end, so that whoever checks its digest has seen all of it.
  ///
  /// @param workers compress it; their options say how the image is made
  /// @throws FormatException if the archive is not a layer
  public static void write(InputStream archive, FileChannel target, BlockWorkers workers)
      throws IOException {
    try (TarReader reader = new TarReader(archive);
        SquashfsWriter writer = SquashfsWriter.create(target, workers)) {
      LayerTree tree = new LayerTree();
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        boolean hasData = entry.type() == TarEntry.Type.FILE && entry.sizeBytes() > 0;
        tree.add(entry, hasData ? writer.store(reader::transferTo) : Content.empty());
      }
      archive.transferTo(OutputStream.nullOutputStream());
      writer.finish(tree.build());
    }
  }

  /// Writes the image of a layer that is `files` and nothing below it, to `target`. Their data is
  /// read in the order of their paths.
  ///
  /// @param workers compress it; their options say how the image is made
  public static void write(FileTree files, FileChannel target, BlockWorkers workers)
      throws IOException {
    try (SquashfsWriter writer = SquashfsWriter.create(target, workers)) {
      writer.finish(WholeTree.asLayer(files));
    }
  }

  /// Reads an image that [#write] made and nobody changed.
  public static LayerImage read(Content image) throws IOException {
    return new LayerImage(SquashfsImage.readTrusted(image).tree());
  }
}
