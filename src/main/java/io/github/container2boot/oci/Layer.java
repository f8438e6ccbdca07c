package io.github.container2boot.oci;

import java.util.Optional;
import java.util.OptionalLong;

/// One layer of an image. Several may be read at the same time, each by its own thread.
public sealed interface Layer permits ArchiveLayer, FilesLayer {
  /// What to call the layer in messages: `layer 3 of 5 (sha256:0123456789ab)`.
  String name();

  /// The digest of the layer as stored, if its source names one.
  Optional<Digest> digest();

  /// The digest of the uncompressed layer; empty for a root filesystem tarball or directory.
  Optional<Digest> diffId();

  /// How large the layer is as stored; empty for standard input.
  OptionalLong sizeBytes();
}
