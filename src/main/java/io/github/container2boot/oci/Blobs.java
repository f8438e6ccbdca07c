package io.github.container2boot.oci;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.util.Optional;

/// The blobs of an image layout: `blobs/sha256/…` (image-spec, image-layout.md).
record Blobs(ImageFiles files) {
  Optional<Content> find(Digest digest) throws IOException {
    return files.find("blobs/" + digest.algorithm() + "/" + digest.hex());
  }

  /// The blob `descriptor` points at, which must have the size it says. Its digest is the reader's
  /// to check.
  Content require(String name, Descriptor descriptor) throws IOException {
    Optional<Content> blob = find(descriptor.digest());
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
