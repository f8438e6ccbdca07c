package io.github.container2boot.oci;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// What the tests of this package share.
final class Fixtures {
  private Fixtures() {}

  static InputStream noInput() {
    return InputStream.nullInputStream();
  }

  /// The uncompressed bytes of each layer.
  static List<byte[]> layers(Image image) throws IOException {
    List<byte[]> layers = new ArrayList<>();
    for (Layer layer : image.layers()) {
      try (InputStream stream = layer.open()) {
        layers.add(stream.readAllBytes());
      }
    }
    return layers;
  }
}
