package io.github.container2boot.oci.docker;

import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.Request;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.oci.configuration.Places;
import io.github.container2boot.oci.engine.Engine;
import io.github.container2boot.oci.engine.EngineImage;
import io.github.container2boot.oci.engine.FoundImage;
import io.github.container2boot.oci.engine.HttpEngine;
import io.github.container2boot.oci.engine.KeptLayers;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// The images of the docker that the user's `docker` command would talk to.
public final class DockerImages {
  public static final String TRANSPORT = "docker-daemon";

  private static final String NAME = "docker";

  private final DockerAddress address;

  /// The images of whose environment this is.
  ///
  /// @param environment of the user: HOME, DOCKER_HOST and the like
  public DockerImages(Map<String, String> environment) {
    this.address = new DockerAddress(Places.of(environment));
  }

  /// The image that `name`, what follows `docker-daemon:`, names.
  ///
  /// @throws SourceException if there is no docker, or no such image
  public Image open(String name, Request request) throws IOException {
    Optional<FoundImage> found = find(name, request);
    if (found.isEmpty()) {
      throw new SourceException(new SourceException.NoSuchImage(name, NAME, false));
    }
    return found.get().open();
  }

  /// The image called `name`; empty if docker has none.
  ///
  /// @throws SourceException if there is no docker
  public Optional<FoundImage> find(String name, Request request) throws IOException {
    Engine engine = HttpEngine.docker(address.find());
    return engine
        .inspect(name)
        .map(image ->
            new FoundImage(
                image.nameFor(name),
                () -> EngineImage.open(engine, image, KeptLayers.unknown(), request)));
  }
}
