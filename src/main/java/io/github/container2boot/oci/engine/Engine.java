package io.github.container2boot.oci.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Keeps images.
public interface Engine {
  /// What people call it: `podman`.
  String name();

  /// What it knows of an image; empty if it has none of that name.
  ///
  /// @param image a name, short or complete, or an ID
  Optional<InspectedImage> inspect(String image) throws IOException;

  /// The image as an archive of docker's, uncompressed if the engine can.
  ///
  /// @param id of the image, as inspected
  InputStream export(String id) throws IOException;
}
