package io.github.container2boot.oci;

import java.io.IOException;
import java.util.Optional;

/// The blobs of an image layout: `blobs/sha256/…` (image-spec, image-layout.md).
record LayoutBlobs(ImageFiles files) implements Blobs {
  @Override
  public Optional<Blob> find(Descriptor descriptor) throws IOException {
    Digest digest = descriptor.digest();
    return files.find("blobs/" + digest.algorithm() + "/" + digest.hex()).map(Blob::of);
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
