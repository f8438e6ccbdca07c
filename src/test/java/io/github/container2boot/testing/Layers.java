package io.github.container2boot.testing;

import io.github.container2boot.oci.ArchiveLayer;
import io.github.container2boot.oci.FilesLayer;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.Layer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Layers of images that consist of archives.
public final class Layers {
  private Layers() {}

  /// The uncompressed archive that is the layer.
  public static InputStream open(Layer layer) throws IOException {
    return archive(layer).open();
  }

  /// The uncompressed archive that is the layer `index`, from the bottom.
  public static InputStream open(Image image, int index) throws IOException {
    return open(image.layers().get(index));
  }

  public static ArchiveLayer archive(Layer layer) {
    return switch (layer) {
      case ArchiveLayer archive -> archive;
      case FilesLayer files -> throw new AssertionError(files.name() + " is no archive");
    };
  }

  /// The uncompressed bytes of each layer.
  public static List<byte[]> bytes(Image image) throws IOException {
    List<byte[]> layers = new ArrayList<>();
    for (Layer layer : image.layers()) {
      try (InputStream archive = open(layer)) {
        layers.add(archive.readAllBytes());
      }
    }
    return layers;
  }
}
