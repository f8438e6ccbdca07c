package io.github.container2boot.oci;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// From the descriptor that a name leads to, to the image: through indexes of one image for several
/// platforms, which may list indexes again, to the manifest of the platform that is wanted
/// (image-spec, image-index.md and manifest.md), whatever the blobs lie in.
public final class ImageResolver {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_IMAGES = 10_000;

  private final Blobs blobs;
  private final Request request;

  public ImageResolver(Blobs blobs, Request request) {
    this.blobs = blobs;
    this.request = request;
  }

  /// The image that one of `named` leads to; closing it closes the blobs.
  ///
  /// @param named manifests and indexes
  /// @param name what the source calls the image, if it does
  public Image image(List<Descriptor> named, Optional<String> name) throws IOException {
    return image(chosen(candidates(named)), name);
  }

  /// A manifest, and what it is for as far as the way to it says.
  private record Candidate(Descriptor manifest, Optional<Platform> platform) {}

  private List<Candidate> candidates(List<Descriptor> named) throws IOException {
    List<Candidate> found = new ArrayList<>();
    collect(named, Optional.empty(), 0, new HashSet<>(), found);
    return found;
  }

  private void collect(
      List<Descriptor> descriptors,
      Optional<Platform> above,
      int depth,
      Set<Digest> seen,
      List<Candidate> found)
      throws IOException {
    for (Descriptor descriptor : descriptors) {
      if (descriptor.isAttachment() || !seen.add(descriptor.digest())) {
        continue;
      }
      if (depth == MAX_DEPTH || seen.size() > MAX_IMAGES) {
        throw FormatException.unsupported(
            "index: expected at most %d levels and %d images".formatted(MAX_DEPTH, MAX_IMAGES));
      }
      Optional<Platform> platform = descriptor.platform().or(() -> above);
      switch (descriptor.type().orElse(MediaType.CONFIG)) {
        case MANIFEST -> found.add(new Candidate(descriptor, platform));
        case INDEX -> {
          Index index = Index.read(Documents.readManifest("index", descriptor, blobs));
          collect(index.manifests(), platform, depth + 1, seen, found);
        }
        case SCHEMA_1_MANIFEST -> throw Documents.unsupportedSchema(1);
        case CONFIG, LAYER, FOREIGN_LAYER ->
            throw FormatException.unsupported(
                "index: expected image manifests, found media type \"%s\""
                    .formatted(Shown.text(descriptor.mediaType())));
      }
    }
  }

  /// If there is but one and nobody asked for a platform, it is that one, whatever it is for.
  private Descriptor chosen(List<Candidate> candidates) throws IOException {
    if (candidates.size() == 1 && request.platform().isEmpty()) {
      return candidates.getFirst().manifest();
    }
    Platform wanted = request.wantedPlatform();
    Set<String> offered = new TreeSet<>();
    Optional<Candidate> chosen = Optional.empty();
    for (Candidate candidate : candidates) {
      Optional<Platform> platform = platform(candidate);
      offered.add(platform.map(Platform::toString).orElse("an unknown platform"));
      if (platform.filter(wanted::accepts).isPresent()) {
        chosen = chosen.filter(best -> isBetter(best, candidate)).or(() -> Optional.of(candidate));
      }
    }
    if (chosen.isEmpty()) {
      throw new SourceException(
          new SourceException.NoSuchPlatform(
              request.source(), wanted, request.platform().isPresent(), List.copyOf(offered)));
    }
    return chosen.get().manifest();
  }

  /// The first that fits, but rather one that asks for no special processor.
  private static boolean isBetter(Candidate best, Candidate other) {
    boolean bestPlain = best.platform().filter(known -> !known.variant().isEmpty()).isEmpty();
    boolean otherPlain = other.platform().filter(known -> !known.variant().isEmpty()).isEmpty();
    return bestPlain || !otherPlain;
  }

  /// Where the index does not say what an image is for, its configuration does.
  private Optional<Platform> platform(Candidate candidate) throws IOException {
    return candidate.platform().isPresent()
        ? candidate.platform()
        : config(manifest(candidate.manifest())).platform();
  }

  private Manifest manifest(Descriptor descriptor) throws IOException {
    return Manifest.read(Documents.readManifest("manifest", descriptor, blobs));
  }

  private ImageConfig config(Manifest manifest) throws IOException {
    Descriptor config = manifest.config();
    if (!config.type().equals(Optional.of(MediaType.CONFIG))) {
      throw FormatException.unsupported(
          "manifest: expected the configuration of a container image, found media type \"%s\""
              .formatted(Shown.text(config.mediaType())));
    }
    return ImageConfig.read(Documents.read("configuration", config, blobs));
  }

  private Image image(Descriptor descriptor, Optional<String> name) throws IOException {
    Manifest manifest = manifest(descriptor);
    ImageConfig config = config(manifest);
    return new Image(
        request.name(name),
        Optional.of(descriptor.digest()),
        config,
        layers(manifest, config),
        blobs);
  }

  private List<Layer> layers(Manifest manifest, ImageConfig config) throws IOException {
    List<Digest> diffIds = config.diffIds();
    int count = manifest.layers().size();
    if (diffIds.size() != count) {
      throw FormatException.malformed(
          "configuration: expected %d diff_ids as the manifest has layers, found %d"
              .formatted(count, diffIds.size()));
    }
    List<Layer> layers = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      Descriptor descriptor = manifest.layers().get(index);
      Digest diffId = diffIds.get(index);
      String name = BlobLayer.name(index, count, diffId);
      layers.add(
          new BlobLayer(
              name,
              Optional.of(descriptor.digest()),
              Optional.of(diffId),
              layerBlob(name, descriptor)));
    }
    return layers;
  }

  private Blob layerBlob(String name, Descriptor descriptor) throws IOException {
    MediaType type = descriptor.type().orElse(MediaType.CONFIG);
    return switch (type) {
      case LAYER -> blobs.require(name, descriptor);
      case FOREIGN_LAYER -> foreign(name, descriptor);
      case CONFIG, INDEX, MANIFEST, SCHEMA_1_MANIFEST ->
          throw FormatException.unsupported(
              "%s: expected a layer, found media type \"%s\""
                  .formatted(name, Shown.text(descriptor.mediaType())));
    };
  }

  private Blob foreign(String name, Descriptor descriptor) throws IOException {
    if (blobs.find(descriptor).isEmpty()) {
      throw FormatException.unsupported(
          "%s: a foreign layer that is not here, only at %s"
              .formatted(name, Shown.text(String.join(" ", descriptor.urls()))));
    }
    return blobs.require(name, descriptor);
  }
}
