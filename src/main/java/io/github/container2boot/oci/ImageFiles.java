package io.github.container2boot.oci;

import io.github.container2boot.bytes.Content;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// The files of an image layout or archive, wherever they lie.
public interface ImageFiles extends Closeable {
  /// The regular file at `path`, symbolic links followed; empty if nothing is there. It can be read
  /// until this is closed, by several threads.
  Optional<Content> find(String path) throws IOException;
}
