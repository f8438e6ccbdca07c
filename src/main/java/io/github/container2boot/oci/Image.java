package io.github.container2boot.oci;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// An image, opened: its configuration and its layers.
///
/// The configuration and all that leads to it was verified when the image was opened; the layers
/// are verified as they are read. Closing the image closes the files its layers lie in.
public final class Image implements Closeable {
  private final String name;
  private final Optional<Digest> digest;
  private final ImageConfig config;
  private final List<Layer> layers;
  private final Closeable files;

  /// An image of what its source has read.
  ///
  /// @param files closed together with the image
  public Image(
      String name,
      Optional<Digest> digest,
      ImageConfig config,
      List<? extends Layer> layers,
      Closeable files) {
    this.name = name;
    this.digest = digest;
    this.config = config;
    this.layers = List.copyOf(layers);
    this.files = files;
  }

  /// What the image is called where it comes from, for people: its tag or reference, or the file.
  public String name() {
    return name;
  }

  /// The digest of the manifest; of the configuration (docker's image ID) where there is no
  /// manifest; empty for a root filesystem tarball or directory, which nobody has hashed.
  public Optional<Digest> digest() {
    return digest;
  }

  public ImageConfig config() {
    return config;
  }

  /// The layers, the lowest first.
  public List<Layer> layers() {
    return layers;
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
