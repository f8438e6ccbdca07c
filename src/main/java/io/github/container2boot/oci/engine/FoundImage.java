package io.github.container2boot.oci.engine;

import io.github.container2boot.oci.Image;
import java.io.IOException;

/// An image that an engine has, not opened yet.
///
/// @param name what the engine calls it
public record FoundImage(String name, Opener opener) {
  /// Opens an image.
  @FunctionalInterface
  public interface Opener {
    Image open() throws IOException;
  }

  public Image open() throws IOException {
    return opener.open();
  }
}
