package io.github.container2boot.oci.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/// The layers of an image, where the engine keeps them.
public interface KeptLayers {
  /// How large the uncompressed layer is, if that is known.
  OptionalLong sizeBytes(int index);

  /// The uncompressed layer; empty if it cannot be had so. Whether it is right is the reader's to
  /// check.
  Optional<InputStream> open(int index) throws IOException;

  /// Nobody knows how the engine keeps them.
  static KeptLayers unknown() {
    return new KeptLayers() {
      @Override
      public OptionalLong sizeBytes(int index) {
        return OptionalLong.empty();
      }

      @Override
      public Optional<InputStream> open(int index) {
        return Optional.empty();
      }
    };
  }
}
