package io.github.container2boot.oci;

import io.github.container2boot.bytes.FormatException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// Where the parts of an image lie, by their digests.
public interface Blobs extends Closeable {
  /// A configuration or a layer; empty if it is not here.
  Optional<Blob> find(Descriptor descriptor) throws IOException;

  /// A manifest or an index, which some sources keep elsewhere; empty if it is not here.
  default Optional<Blob> findManifest(Descriptor descriptor) throws IOException {
    return find(descriptor);
  }

  /// The blob `descriptor` points at, which must have the size it says. Its digest is the reader's
  /// to check.
  default Blob require(String name, Descriptor descriptor) throws IOException {
    return required(name, descriptor, find(descriptor));
  }

  /// The manifest or index `descriptor` points at, likewise.
  default Blob requireManifest(String name, Descriptor descriptor) throws IOException {
    return required(name, descriptor, findManifest(descriptor));
  }

  private static Blob required(String name, Descriptor descriptor, Optional<Blob> blob)
      throws FormatException {
    if (blob.isEmpty()) {
      throw FormatException.malformed(
          "%s: expected blob %s, found none".formatted(name, descriptor.digest()));
    }
    if (blob.get().sizeBytes() != descriptor.sizeBytes()) {
      throw FormatException.malformed(
          "%s: expected a blob of %d bytes, found %d"
              .formatted(name, descriptor.sizeBytes(), blob.get().sizeBytes()));
    }
    return blob.get();
  }
}
