package io.github.container2boot.oci;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/// A layer that is a tar archive, compressed or not.
public non-sealed interface ArchiveLayer extends Layer {
  /// The uncompressed archive.
  ///
  /// Its digests are known only at its end: if one is not what it should be, the read that reaches
  /// the end throws a [io.github.container2boot.bytes.FormatException] instead of returning -1.
  /// Like any reader's, its messages do not name the layer.
  ///
  /// @param storedBytes is told how many bytes, as stored, have been read, on any thread until the
  ///   stream is closed
  /// @throws IllegalStateException if this is standard input and was opened before
  InputStream open(LongConsumer storedBytes) throws IOException;

  /// The uncompressed archive, with nobody counting.
  default InputStream open() throws IOException {
    return open(_ -> {});
  }
}
