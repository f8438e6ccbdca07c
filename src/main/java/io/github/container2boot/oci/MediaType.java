package io.github.container2boot.oci;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// What a blob is for, by its media type: the OCI's (image-spec, media-types.md) or docker's older
/// name for the same.
///
/// Suffixes that tell of compression are all taken and none believed.
enum MediaType {
  INDEX(MediaType.OCI_INDEX, "application/vnd.docker.distribution.manifest.list.v2+json"),
  MANIFEST(MediaType.OCI_MANIFEST, "application/vnd.docker.distribution.manifest.v2+json"),
  /// What came before: layers by history, no configuration.
  SCHEMA_1_MANIFEST(
      "application/vnd.docker.distribution.manifest.v1+json",
      "application/vnd.docker.distribution.manifest.v1+prettyjws"),
  CONFIG(
      "application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"),
  LAYER(
      "application/vnd.oci.image.layer.v1.tar",
      "application/vnd.oci.image.layer.v1.tar+gzip",
      "application/vnd.oci.image.layer.v1.tar+zstd",
      "application/vnd.oci.image.layer.v1.tar+xz",
      "application/vnd.oci.image.layer.v1.tar+bzip2",
      "application/vnd.docker.image.rootfs.diff.tar",
      "application/vnd.docker.image.rootfs.diff.tar.gzip",
      "application/vnd.docker.image.rootfs.diff.tar.zstd",
      "application/vnd.docker.image.rootfs.diff.tar.xz",
      "application/vnd.docker.image.rootfs.diff.tar.bzip2"),
  /// A layer that must not be handed on: archives mostly leave it out.
  FOREIGN_LAYER(
      "application/vnd.oci.image.layer.nondistributable.v1.tar",
      "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
      "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
      "application/vnd.docker.image.rootfs.foreign.diff.tar",
      "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");

  static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  @SuppressWarnings("ImmutableEnumChecker") // Set.of makes it so
  private final Set<String> names;

  MediaType(String... names) {
    this.names = Set.of(names);
  }

  static Optional<MediaType> of(String name) {
    return Arrays.stream(values()).filter(type -> type.names.contains(name)).findFirst();
  }
}
