package io.github.container2boot.oci;

import io.github.container2boot.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/// One layer of an image: an archive, or files that lie somewhere. Several may be read at the same
/// time, each by its own thread.
public interface Layer {
  /// What to call the layer in messages: `layer 3 of 5 (sha256:0123456789ab)`.
  String name();

  /// The digest of the layer as stored, if its source names one.
  Optional<Digest> digest();

  /// The digest of the uncompressed layer; empty for a root filesystem tarball or directory.
  Optional<Digest> diffId();

  /// How large the layer is as stored; empty for standard input.
  OptionalLong sizeBytes();

  /// What the layer holds, if it is no archive but files that lie somewhere; they are read when
  /// their Contents are.
  ///
  /// @param storedBytes is told how many bytes have been read of them, on any thread
  default Optional<FileTree> files(LongConsumer storedBytes) {
    return Optional.empty();
  }

  /// The uncompressed layer, a tar archive. Not for a layer of [files][#files].
  ///
  /// Its digests are known only at its end: if one is not what it should be, the read that reaches
  /// the end throws a [io.github.container2boot.bytes.FormatException] instead of returning -1.
  /// Like any reader's, its messages do not name the layer.
  ///
  /// @param storedBytes is told how many bytes, as stored, have been read, on any thread until the
  ///   stream is closed
  /// @throws IllegalStateException if this is standard input and was opened before
  InputStream open(LongConsumer storedBytes) throws IOException;

  /// The uncompressed layer, with nobody counting.
  default InputStream open() throws IOException {
    return open(_ -> {});
  }
}
