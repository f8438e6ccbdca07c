package io.github.container2boot.oci;

import java.io.Closeable;
import java.io.IOException;

/// Closes what a result would have closed, when there is no result.
public final class Closing {
  private Closing() {}

  @FunctionalInterface
  public interface Opening<T> {
    T open() throws IOException;
  }

  public static <T> T onFailure(Closeable file, Opening<T> opening) throws IOException {
    boolean opened = false;
    try {
      T result = opening.open();
      opened = true;
      return result;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }
}
