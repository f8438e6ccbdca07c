package io.github.container2boot.oci;

import io.github.container2boot.testing.Layers;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// What the tests of this package share.
final class Fixtures {
  private Fixtures() {}

  static InputStream noInput() {
    return InputStream.nullInputStream();
  }

  /// The uncompressed bytes of each layer.
  static List<byte[]> layers(Image image) throws IOException {
    return Layers.bytes(image);
  }
}
