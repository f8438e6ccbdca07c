package io.github.container2boot.oci;

import java.io.Closeable;
import java.io.IOException;

/// Closes what a result would have closed, when there is no result.
public final class Closing {
  private Closing() {}

  @FunctionalInterface
  public interface Opening {
    Image open() throws IOException;
  }

  public static Image onFailure(Closeable file, Opening opening) throws IOException {
    boolean opened = false;
    try {
      Image image = opening.open();
      opened = true;
      return image;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }
}
