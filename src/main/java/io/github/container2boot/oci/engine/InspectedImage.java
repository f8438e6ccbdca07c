package io.github.container2boot.oci.engine;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.oci.ImageConfig;
import io.github.container2boot.oci.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an engine says of an image: `podman image inspect`, and `GET /images/{name}/json` of
/// docker's and podman's APIs.
///
/// @param id of the image: the digest of its configuration, or with some dockers of its manifest
/// @param names of the image
/// @param config what else is in its configuration
/// @param directories where the layers are unpacked, the lowest first; none if the engine does not
///   say
public record InspectedImage(
    Digest id, List<String> names, ImageConfig config, List<String> directories) {
  public static InspectedImage read(JsonObject json) throws FormatException {
    String id = json.requireText("Id");
    return new InspectedImage(
        Digest.parse(id.contains(":") ? id : Digest.Algorithm.SHA256 + ":" + id),
        json.texts("RepoTags"),
        ImageConfig.readInspected(json),
        directories(json));
  }

  /// Overlayfs's own words: one upper directory, and the lower ones from the top.
  private static List<String> directories(JsonObject json) throws FormatException {
    Optional<JsonObject> driver = json.object("GraphDriver");
    Optional<JsonObject> data = driver.isEmpty() ? Optional.empty() : driver.get().object("Data");
    if (data.isEmpty() || data.get().text("UpperDir").isEmpty()) {
      return List.of();
    }
    List<String> directories = new ArrayList<>();
    directories.add(data.get().requireText("UpperDir"));
    Optional<String> lower = data.get().text("LowerDir").filter(text -> !text.isEmpty());
    if (lower.isPresent()) {
      directories.addAll(List.of(lower.get().split(":", -1)));
    }
    return List.copyOf(directories.reversed());
  }

  /// The name by which `asked` has led to it, for people.
  public String nameFor(String asked) {
    return named(asked)
        .or(() -> named(asked + ":latest"))
        .or(() -> names.stream().findFirst())
        .orElseGet(id::abbreviated);
  }

  private Optional<String> named(String asked) {
    return names.stream()
        .filter(name -> name.equals(asked) || name.endsWith("/" + asked))
        .findFirst();
  }
}
