package io.github.container2boot.oci.configuration;

/// One place to fetch an image from: the registry that its name says, where `registries.conf` has
/// moved that, or a mirror.
///
/// @param host of the registry, `host[:port]`; `docker.io` is left as it is
/// @param path the repository there
/// @param insecure whether plain HTTP and certificates of unknown issuers will do
/// @param mirror whether there is another endpoint to turn to
/// @param pull which references it serves
public record Endpoint(String host, String path, boolean insecure, boolean mirror, Pull pull) {
  /// Which references an endpoint serves. An image that is named by tag may be an older one at a
  /// mirror.
  public enum Pull {
    ALL,
    DIGEST_ONLY,
    TAG_ONLY
  }
}
