package io.github.container2boot.oci;

import io.github.container2boot.bytes.Content;
import java.io.IOException;
import java.io.InputStream;

/// A document or a layer as its source stores it. It can be read more than once, and by several
/// threads; whether it is what it should be is the reader's to check.
public interface Blob {
  /// How many bytes there are.
  long sizeBytes();

  /// All of them, from the beginning. The stream may be closed while another thread reads it; that
  /// does not wait for a network any more then.
  InputStream open() throws IOException;

  /// What lies in a file, or in a slice of one.
  static Blob of(Content content) {
    return new Blob() {
      @Override
      public long sizeBytes() {
        return content.sizeBytes();
      }

      @Override
      public InputStream open() {
        return content.asInputStream();
      }
    };
  }
}
