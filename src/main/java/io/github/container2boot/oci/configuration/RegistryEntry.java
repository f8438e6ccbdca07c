package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A table `[[registry]]`: what holds for all images whose names begin so.
///
/// @param prefix `host[:port][/namespace…][:tag|@digest]` or `*.domain`
/// @param place where they are fetched from
/// @param blocked whether they must not be fetched
/// @param mirrors where to look first
record RegistryEntry(String prefix, Place place, boolean blocked, List<Place> mirrors) {
  private static final String WILDCARD = "*.";

  /// Where images lie.
  ///
  /// @param location what takes the place of the prefix; empty to keep the name, where the prefix
  ///   is a wildcard
  record Place(Optional<Location> location, boolean insecure, Endpoint.Pull pull) {}

  static RegistryEntry of(String location, boolean insecure, boolean blocked)
      throws FormatException {
    Place place = new Place(Optional.of(Location.parse(location)), insecure, Endpoint.Pull.ALL);
    return new RegistryEntry(place.location.get().toString(), place, blocked, List.of());
  }

  static RegistryEntry of(TomlSettings settings) throws FormatException {
    Optional<Location> location = location(settings);
    Optional<String> given = settings.text("prefix");
    if (given.isEmpty() && location.isEmpty()) {
      throw settings.malformed("location", "expected location, prefix or both in a [[registry]]");
    }
    String prefix = given.isPresent() ? prefix(settings, given.get()) : location.get().toString();
    if (location.isEmpty() && !prefix.startsWith(WILDCARD)) {
      location = Optional.of(Location.named(prefix));
    }
    Place place = new Place(location, settings.flag("insecure"), Endpoint.Pull.ALL);
    return new RegistryEntry(prefix, place, settings.flag("blocked"), mirrors(settings));
  }

  private static Optional<Location> location(TomlSettings settings) throws FormatException {
    Optional<String> text = settings.text("location");
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Location.parse(text.get()));
    } catch (FormatException problem) {
      throw settings.malformed("location", problem);
    }
  }

  private static String prefix(TomlSettings settings, String given) throws FormatException {
    String prefix = given.replaceFirst("/+$", "");
    try {
      if (prefix.startsWith(WILDCARD)) {
        Location domain = Location.parse(prefix.substring(WILDCARD.length()));
        if (!domain.path().isEmpty() || domain.host().contains(":")) {
          throw FormatException.malformed("expected nothing after *.DOMAIN");
        }
      } else {
        Location.named(prefix);
      }
      return prefix;
    } catch (FormatException problem) {
      throw settings.malformed("prefix", problem);
    }
  }

  private static List<Place> mirrors(TomlSettings settings) throws FormatException {
    boolean byDigestOnly = settings.flag("mirror-by-digest-only");
    List<Place> mirrors = new ArrayList<>();
    for (TomlSettings mirror : settings.tables("mirror")) {
      Optional<Location> location = location(mirror);
      if (location.isEmpty()) {
        throw mirror.malformed("location", "expected in each [[registry.mirror]]");
      }
      mirrors.add(new Place(location, mirror.flag("insecure"), pull(mirror, byDigestOnly)));
    }
    return List.copyOf(mirrors);
  }

  private static Endpoint.Pull pull(TomlSettings mirror, boolean byDigestOnly)
      throws FormatException {
    String key = "pull-from-mirror";
    Optional<String> chosen = mirror.text(key);
    if (byDigestOnly && chosen.isPresent()) {
      throw mirror.malformed(key, "expected only where the registry has no mirror-by-digest-only");
    }
    return switch (chosen.orElse(byDigestOnly ? "digest-only" : "all")) {
      case "all" -> Endpoint.Pull.ALL;
      case "digest-only" -> Endpoint.Pull.DIGEST_ONLY;
      case "tag-only" -> Endpoint.Pull.TAG_ONLY;
      default -> throw mirror.malformed(key, "expected all, digest-only or tag-only");
    };
  }

  boolean matches(Reference reference) {
    return matched(reference.toString()).isPresent();
  }

  /// How much of an image's name the prefix stands for.
  ///
  /// As podman has it, a prefix without a port stands for all ports of its host.
  private OptionalInt matched(String name) {
    int end;
    if (prefix.startsWith(WILDCARD)) {
      String domain = prefix.substring(1);
      int start = name.indexOf(domain);
      if (start <= 0 || name.lastIndexOf('/', start) >= 0) {
        return OptionalInt.empty();
      }
      end = start + domain.length();
    } else if (name.startsWith(prefix)) {
      end = prefix.length();
    } else {
      return OptionalInt.empty();
    }
    boolean whole = end == name.length() || ":/@".indexOf(name.charAt(end)) >= 0;
    return whole ? OptionalInt.of(end) : OptionalInt.empty();
  }

  /// The mirrors that serve such a reference, and the registry.
  List<Endpoint> endpoints(Reference reference) throws FormatException {
    List<Endpoint> endpoints = new ArrayList<>();
    for (Place mirror : mirrors) {
      if (serves(mirror.pull, reference)) {
        endpoints.add(endpoint(reference, mirror, true));
      }
    }
    endpoints.add(endpoint(reference, place, false));
    return List.copyOf(endpoints);
  }

  private static boolean serves(Endpoint.Pull pull, Reference reference) {
    return switch (pull) {
      case ALL -> true;
      case DIGEST_ONLY -> reference.digest().isPresent();
      case TAG_ONLY -> reference.digest().isEmpty();
    };
  }

  private Endpoint endpoint(Reference reference, Place place, boolean mirror)
      throws FormatException {
    Location moved = moved(reference, place);
    if (moved.path().isEmpty()) {
      throw FormatException.malformed(
          "registries.conf moves %s to %s: expected the name of a repository there"
              .formatted(reference, moved));
    }
    return new Endpoint(moved.host(), moved.path(), place.insecure, mirror, place.pull);
  }

  private Location moved(Reference reference, Place place) throws FormatException {
    String name = reference.domain() + "/" + reference.path();
    if (place.location.isEmpty()) {
      return new Location(reference.domain(), reference.path());
    }
    int end = Math.min(matched(reference.toString()).orElseThrow(), name.length());
    try {
      return Location.parse(place.location.get() + name.substring(end));
    } catch (FormatException problem) {
      throw problem.in("registries.conf moves " + reference);
    }
  }
}
