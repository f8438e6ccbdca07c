package io.github.container2boot.oci;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The archive of `docker save`, `podman save` and skopeo's `docker-archive:`.
///
/// `manifest.json` is an array of images, each with the path of its configuration, the paths of its
/// layers (uncompressed tar, the lowest first) and its names:
///
/// ```json
/// [{"Config": "494e….json", "RepoTags": ["docker.io/foo/bar:1"], "Layers": ["e40a….tar"]}]
/// ```
///
/// The configuration is called after its digest, which is the image's ID. Layers may be symbolic
/// links to one another. Since docker 25 the paths lead to the blobs of an OCI layout that is there
/// too. Archives from before docker 1.10 have no `manifest.json`.
public final class DockerArchive {
  public static final String TRANSPORT = "docker-archive";
  static final String MANIFEST = "manifest.json";
  static final String REPOSITORIES = "repositories";

  private static final Pattern HEX = Pattern.compile("(?:.*/)?([0-9a-f]{64})(?:\\.json)?");

  private final ImageFiles files;
  private final Request request;

  private DockerArchive(ImageFiles files, Request request) {
    this.files = files;
    this.request = request;
  }

  /// The image that `request` names; closing it closes `files`.
  static Image open(ImageFiles files, Request request) throws IOException {
    return new DockerArchive(files, request).open();
  }

  private record Entry(String config, List<String> tags, List<String> layers) {
    static Entry read(JsonObject json) throws FormatException {
      return new Entry(json.requireText("Config"), json.texts("RepoTags"), json.texts("Layers"));
    }
  }

  private Image open() throws IOException {
    byte[] document = Documents.read(MANIFEST, require(MANIFEST, MANIFEST));
    List<Entry> entries = new ArrayList<>();
    for (JsonObject json : JsonObject.parseArray(MANIFEST, document)) {
      entries.add(Entry.read(json));
    }
    return image(chosen(entries));
  }

  private Content require(String name, String path) throws IOException {
    Optional<Content> content = files.find(path);
    if (content.isEmpty()) {
      throw FormatException.malformed(
          "%s: expected the file %s in the archive, found none".formatted(name, Shown.text(path)));
    }
    return content.get();
  }

  private Entry chosen(List<Entry> entries) throws IOException {
    Optional<String> reference = request.reference();
    if (reference.isEmpty() && entries.size() == 1) {
      return entries.getFirst();
    }
    List<String> references = references(entries);
    if (entries.isEmpty()) {
      throw new SourceException(
          new SourceException.NoImage(request.source(), "an image", "a list of none"));
    }
    if (reference.isEmpty()) {
      throw new SourceException(new SourceException.ManyImages(request.source(), references));
    }
    for (int index = 0; index < entries.size(); index++) {
      if (isCalled(entries.get(index), index, reference.get())) {
        return entries.get(index);
      }
    }
    throw new SourceException(
        new SourceException.NoSuchReference(request.source(), reference.get(), references));
  }

  /// An image without a name is called by its place, as with skopeo: `@0` is the first.
  private static boolean isCalled(Entry entry, int index, String reference) throws FormatException {
    if (reference.startsWith("@")) {
      return reference.equals("@" + index);
    }
    String complete = Reference.parse(reference).toString();
    for (String tag : entry.tags()) {
      if (tag.equals(reference) || Reference.parse(tag).toString().equals(complete)) {
        return true;
      }
    }
    return false;
  }

  private List<String> references(List<Entry> entries) {
    List<String> references = new ArrayList<>();
    for (int index = 0; index < entries.size(); index++) {
      List<String> tags = entries.get(index).tags();
      if (tags.isEmpty()) {
        references.add(request.naming("@" + index));
      }
      tags.forEach(tag -> references.add(request.naming(tag)));
    }
    return references;
  }

  private Image image(Entry entry) throws IOException {
    byte[] document = Documents.read("configuration", require("configuration", entry.config()));
    Digest digest = configDigest(entry.config(), document);
    ImageConfig config = ImageConfig.read(JsonObject.parse("configuration", document));
    request.requirePlatform(config);
    return new Image(
        request.name(entry.tags().stream().findFirst()),
        Optional.of(digest),
        config,
        layers(entry, config),
        files);
  }

  private static Digest configDigest(String path, byte[] document) throws FormatException {
    Matcher hex = HEX.matcher(path);
    if (hex.matches()) {
      Digest expected = new Digest(Digest.Algorithm.SHA256, hex.group(1));
      Documents.requireDigest("configuration", expected, document);
    }
    return Digest.of(Digest.Algorithm.SHA256, document);
  }

  private List<Layer> layers(Entry entry, ImageConfig config) throws IOException {
    int count = entry.layers().size();
    if (config.diffIds().size() != count) {
      throw FormatException.malformed(
          "configuration: expected %d diff_ids as %s has layers, found %d"
              .formatted(count, MANIFEST, config.diffIds().size()));
    }
    List<Layer> layers = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      Digest diffId = config.diffIds().get(index);
      String name = BlobLayer.name(index, count, diffId);
      Content content = require(name, entry.layers().get(index));
      layers.add(new BlobLayer(name, Optional.empty(), Optional.of(diffId), Blob.of(content)));
    }
    return layers;
  }
}
