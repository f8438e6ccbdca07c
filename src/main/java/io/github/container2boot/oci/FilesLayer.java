package io.github.container2boot.oci;

import io.github.container2boot.tree.FileTree;
import java.util.function.LongConsumer;

/// A layer that is no archive but files that lie somewhere.
public non-sealed interface FilesLayer extends Layer {
  /// What the layer holds. Files are read when their Contents are.
  ///
  /// @param storedBytes is told how many bytes have been read of them, on any thread
  FileTree files(LongConsumer storedBytes);
}
