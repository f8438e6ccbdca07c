package io.github.container2boot.oci;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// An OCI image layout (image-spec, image-layout.md): `oci-layout`, `index.json` and `blobs/`, in a
/// directory or an archive.
///
/// `index.json` lists images by name; what bears the name asked for is then chosen from by platform
/// ([ImageResolver]).
public final class Layout {
  static final String MARKER = "oci-layout";
  static final String INDEX = "index.json";

  private static final String VERSION = "1.0.0";

  private final ImageFiles files;
  private final Request request;

  private Layout(ImageFiles files, Request request) {
    this.files = files;
    this.request = request;
  }

  /// Whether there is a layout in `files`.
  static boolean isIn(ImageFiles files) throws IOException {
    return files.find(MARKER).isPresent();
  }

  /// Whether `directory` looks like one.
  public static boolean isAt(Path directory) {
    return Files.exists(directory.resolve(MARKER));
  }

  /// The image that `request` names; closing it closes `files`.
  public static Image open(ImageFiles files, Request request) throws IOException {
    return new Layout(files, request).open();
  }

  private Image open() throws IOException {
    requireVersion();
    Index index = Index.read(JsonObject.parse(INDEX, document(INDEX)));
    List<Descriptor> named = named(index);
    return new ImageResolver(new LayoutBlobs(files), request).image(named, named.getFirst().name());
  }

  private void requireVersion() throws IOException {
    JsonObject marker = JsonObject.parse(MARKER, document(MARKER));
    String version = marker.requireText("imageLayoutVersion");
    if (!version.equals(VERSION)) {
      throw FormatException.unsupported(
          "%s: expected layout version %s, found %s"
              .formatted(MARKER, VERSION, Shown.text(version)));
    }
  }

  private byte[] document(String path) throws IOException {
    Optional<Content> content = files.find(path);
    if (content.isEmpty()) {
      throw new SourceException(
          new SourceException.NoImage(request.source(), "an OCI image layout", "no file " + path));
    }
    return Documents.read(path, content.get());
  }

  /// The entries of the index that bear the name asked for; all of them if nobody asked and they
  /// are one image, for whatever platforms.
  private List<Descriptor> named(Index index) throws SourceException {
    List<Descriptor> images =
        index.manifests().stream().filter(descriptor -> !descriptor.isAttachment()).toList();
    if (images.isEmpty()) {
      throw new SourceException(
          new SourceException.NoImage(request.source(), "an image", "an index that lists none"));
    }
    Optional<String> reference = request.reference();
    List<Descriptor> named =
        reference.isEmpty()
            ? images
            : images.stream().filter(image -> image.isCalled(reference.get())).toList();
    List<String> references = references(images);
    if (named.isEmpty()) {
      throw new SourceException(
          new SourceException.NoSuchReference(request.source(), reference.orElse(""), references));
    }
    if (reference.isEmpty() && !areOneImage(images)) {
      throw new SourceException(new SourceException.ManyImages(request.source(), references));
    }
    return named;
  }

  /// Entries of one digest, of one name, or without names and each for its platform.
  private static boolean areOneImage(List<Descriptor> images) {
    boolean oneDigest = images.stream().map(Descriptor::digest).distinct().count() == 1;
    boolean oneName = images.stream().map(Descriptor::name).distinct().count() == 1;
    boolean unnamed = images.stream().allMatch(image -> image.name().isEmpty());
    boolean platforms = images.stream().allMatch(image -> image.platform().isPresent());
    return oneDigest || (oneName && (!unnamed || platforms));
  }

  private List<String> references(List<Descriptor> images) {
    return images.stream()
        .map(image -> image.name().orElse(image.digest().toString()))
        .distinct()
        .map(request::naming)
        .toList();
  }
}
