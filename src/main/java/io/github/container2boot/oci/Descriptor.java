package io.github.container2boot.oci;

import io.github.container2boot.bytes.FormatException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Points at a blob (image-spec, descriptor.md).
///
/// @param mediaType what the blob is said to be
/// @param digest of the blob
/// @param sizeBytes of the blob
/// @param platform what the image it leads to is made for, in an index
/// @param artifactType what it is, if it is no image
/// @param annotations arbitrary metadata, among it the name of an image
/// @param urls where else the blob can be had
public record Descriptor(
    String mediaType,
    Digest digest,
    long sizeBytes,
    Optional<Platform> platform,
    Optional<String> artifactType,
    Map<String, String> annotations,
    List<String> urls) {
  private static final String REFERENCE_NAME = "org.opencontainers.image.ref.name";
  private static final String CONTAINERD_NAME = "io.containerd.image.name";
  private static final String DOCKER_REFERENCE_TYPE = "vnd.docker.reference.type";

  static Descriptor read(JsonObject json) throws FormatException {
    Optional<JsonObject> platform = json.object("platform");
    return new Descriptor(
        json.requireText("mediaType"),
        json.requireDigest("digest"),
        json.requireSize("size"),
        platform.isPresent() ? ImageConfig.platform(platform.get()) : Optional.empty(),
        json.text("artifactType").filter(type -> !type.isEmpty()),
        json.textMap("annotations"),
        json.texts("urls"));
  }

  /// Describes a manifest or an index that nothing points at. What it is it need not say itself;
  /// then its keys do.
  ///
  /// @param name of the document, for messages
  public static Descriptor ofManifest(String name, byte[] document) throws FormatException {
    JsonObject json = JsonObject.parse(name, document);
    String mediaType =
        json.text("mediaType")
            .filter(own -> !own.isEmpty())
            .orElse(json.has("manifests") ? MediaType.OCI_INDEX : MediaType.OCI_MANIFEST);
    return ofManifest(mediaType, Digest.of(Digest.Algorithm.SHA256, document), document.length);
  }

  /// Describes a manifest or an index that nothing points at.
  public static Descriptor ofManifest(String mediaType, Digest digest, long sizeBytes) {
    return new Descriptor(
        mediaType, digest, sizeBytes, Optional.empty(), Optional.empty(), Map.of(), List.of());
  }

  Optional<MediaType> type() {
    return MediaType.of(mediaType);
  }

  /// The tag of an image in a layout.
  Optional<String> name() {
    return Optional.ofNullable(annotations.get(REFERENCE_NAME))
        .or(() -> Optional.ofNullable(annotations.get(CONTAINERD_NAME)));
  }

  /// Whether a user may call the image this leads to `reference`: its tag, the full name containerd
  /// and docker give, or its digest.
  boolean isCalled(String reference) {
    return reference.equals(annotations.get(REFERENCE_NAME))
        || reference.equals(annotations.get(CONTAINERD_NAME))
        || reference.equals(digest.toString());
  }

  /// Whether this leads to something about an image (a signature, how it was built), not to one.
  boolean isAttachment() {
    return artifactType.isPresent()
        || annotations.containsKey(DOCKER_REFERENCE_TYPE)
        || platform.filter(known -> known.os().equals("unknown")).isPresent();
  }
}
