package io.github.container2boot.oci;

import java.io.Closeable;
import java.util.List;
import java.util.Optional;

/// A root filesystem in a plain tar archive, seen as an image: one layer, and a configuration that
/// says nothing.
final class RootTarball {
  static final String LAYER_NAME = "root filesystem";

  private RootTarball() {}

  static Image image(String name, Layer layer, Closeable files) {
    return new Image(name, Optional.empty(), ImageConfig.unknown(), List.of(layer), files);
  }
}
