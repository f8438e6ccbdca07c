package io.github.container2boot.source;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.Reference;
import io.github.container2boot.oci.Request;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.oci.docker.DockerImages;
import io.github.container2boot.oci.engine.FoundImage;
import io.github.container2boot.oci.podman.PodmanImages;
import io.github.container2boot.oci.registry.Registry;
import io.github.container2boot.oci.registry.RegistryAccess;
import io.github.container2boot.oci.registry.RegistryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An image that is called by its name only, and looked for wherever one may be: the first place
/// that has it is taken, and said.
///
/// A place that is not there (no podman is installed, no docker runs) is passed over. One that
/// fails is too, as the next may have the image; if none has, its failure is told.
///
/// @param request what the user asked for
record BareName(String name, Request request, Opening opening) {
  /// Whether `text` can be the name of an image: no path that begins with `.`, `/` or `~`.
  static boolean isPossible(String text) {
    try {
      Reference.parse(text);
      return true;
    } catch (FormatException path) {
      return false;
    }
  }

  /// Where an image may be.
  private record Place(String name, Finder finder) {}

  @FunctionalInterface
  private interface Finder {
    /// The image; empty if there is none of that name.
    Optional<FoundImage> find(String name, Request request) throws IOException;
  }

  private List<Place> places() {
    return List.of(
        new Place("podman", new PodmanImages(opening.settings().environment())::find),
        new Place("docker", new DockerImages(opening.settings().environment())::find),
        new Place("a registry", this::findInRegistries));
  }

  /// The image in the first registry that has it, of those that a short name may mean.
  private Optional<FoundImage> findInRegistries(String name, Request request) throws IOException {
    RegistryAccess access = opening.registryAccess();
    for (Reference reference : access.registries().candidates(name)) {
      Optional<Image> image = findInRegistry(reference, access, request);
      if (image.isPresent()) {
        return Optional.of(new FoundImage(reference.toString(), image::orElseThrow));
      }
    }
    return Optional.empty();
  }

  private static Optional<Image> findInRegistry(
      Reference reference, RegistryAccess access, Request request) throws IOException {
    try {
      return Optional.of(Registry.open(reference, access, request));
    } catch (RegistryException problem) {
      if (problem.problem() instanceof RegistryException.NoSuchImage) {
        return Optional.empty();
      }
      throw problem;
    }
  }

  Image open() throws IOException {
    List<String> looked = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (Place place : places()) {
      try {
        Optional<FoundImage> found = place.finder.find(name, request);
        if (found.isPresent()) {
          opening
              .notes()
              .accept("%s: found in %s (%s)".formatted(name, place.name, found.get().name()));
          return found.get().open();
        }
        looked.add(place.name);
      } catch (RegistryException problem) {
        failures.add(String.valueOf(problem.getMessage()));
      } catch (SourceException problem) {
        passOver(problem, failures);
      }
    }
    throw new SourceException(new SourceException.Nowhere(name, looked, failures));
  }

  /// What was found but does not fit is no reason to look further.
  private static void passOver(SourceException failure, List<String> failures)
      throws SourceException {
    switch (failure.problem()) {
      case SourceException.NoEngine _ -> {}
      case SourceException.EngineFailed problem -> failures.add(problem.message());
      case SourceException.NotFound _,
          SourceException.NoImage _,
          SourceException.UnknownTransport _,
          SourceException.ManyImages _,
          SourceException.NoSuchReference _,
          SourceException.NoSuchPlatform _,
          SourceException.NoSuchImage _,
          SourceException.BadName _,
          SourceException.Nowhere _ ->
          throw failure;
    }
  }
}
