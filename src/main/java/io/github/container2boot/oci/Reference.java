package io.github.container2boot.oci;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import java.util.Optional;
import java.util.regex.Pattern;

/// The name of an image as docker and podman have it: `example.org/fedora/fedora:43`,
/// `debian@sha256:…` (distribution-spec, "Pulling manifests", and docker's rules for short names).
///
/// @param domain the registry; `docker.io` if none is named
/// @param path the repository there; `library/…` for one word on docker.io
/// @param tag `latest` if neither tag nor digest is given
/// @param digest of the manifest
public record Reference(String domain, String path, Optional<String> tag, Optional<Digest> digest) {
  private static final String DOCKER_HUB = "docker.io";
  private static final int MAX_CHARACTERS = 1024;
  private static final Pattern DOMAIN =
      Pattern.compile("(?:[A-Za-z0-9][A-Za-z0-9.-]*+|\\[[0-9a-fA-F:]++\\])(?::[0-9]{1,5}+)?+");
  private static final Pattern COMPONENT = Pattern.compile("[a-z0-9]++(?:[._-]++[a-z0-9]++)*+");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}+");

  /// Reads a name, short ones made complete.
  ///
  /// @throws FormatException if `text` cannot be the name of an image
  public static Reference parse(String text) throws FormatException {
    int at = text.indexOf('@');
    String named = at < 0 ? text : text.substring(0, at);
    Optional<Digest> digest =
        at < 0 ? Optional.empty() : Optional.of(Digest.parse(text.substring(at + 1)));
    int colon = named.indexOf(':', named.lastIndexOf('/') + 1);
    String name = colon < 0 ? named : named.substring(0, colon);
    Optional<String> tag = colon < 0 ? Optional.empty() : Optional.of(named.substring(colon + 1));
    if (tag.isEmpty() && digest.isEmpty()) {
      tag = Optional.of("latest");
    }
    Reference reference = complete(name, tag, digest);
    if (!reference.isValid()) {
      throw FormatException.malformed(
          "\"%s\" is no name of an image: expected [REGISTRY/]NAME[:TAG][@DIGEST]"
              .formatted(Shown.text(text)));
    }
    return reference;
  }

  /// The first word is a registry only if it looks like a machine.
  private static Reference complete(String name, Optional<String> tag, Optional<Digest> digest) {
    int slash = name.indexOf('/');
    String first = name.substring(0, Math.max(0, slash));
    boolean machine = first.contains(".") || first.contains(":") || first.equals("localhost");
    if (machine && !first.equals("index.docker.io") && !first.equals(DOCKER_HUB)) {
      return new Reference(first, name.substring(slash + 1), tag, digest);
    }
    String path = machine ? name.substring(slash + 1) : name;
    return new Reference(DOCKER_HUB, path.contains("/") ? path : "library/" + path, tag, digest);
  }

  private boolean isValid() {
    boolean valid =
        path.length() <= MAX_CHARACTERS
            && DOMAIN.matcher(domain).matches()
            && tag.stream().allMatch(text -> TAG.matcher(text).matches());
    for (String component : path.split("/", -1)) {
      valid &= COMPONENT.matcher(component).matches();
    }
    return valid;
  }

  @Override
  public String toString() {
    return domain
        + "/"
        + path
        + tag.map(text -> ":" + text).orElse("")
        + digest.map(known -> "@" + known).orElse("");
  }
}
