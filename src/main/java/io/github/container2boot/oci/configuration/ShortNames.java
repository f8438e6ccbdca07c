package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What names without a registry mean (containers-registries.conf(5), "Short-Name Aliasing").
///
/// @param aliases by name, without tag and digest
/// @param registries where to look for others
/// @param mode whether it may be looked for in several
record ShortNames(
    Map<String, String> aliases, List<String> registries, RegistriesFile.ShortNameMode mode) {
  private static final String DOCKER_HUB = "docker.io";

  /// Whether a name has no registry: the first word is one only if it looks like a machine.
  static boolean isShort(String name) {
    String first = name.substring(0, Math.max(0, name.indexOf('/')));
    return !first.contains(".") && !first.contains(":") && !first.equals("localhost");
  }

  /// What `name` may mean, in the order to try.
  List<Reference> candidates(String name) throws FormatException {
    Reference complete = Reference.parse(name);
    if (!isShort(name)) {
      return List.of(complete);
    }
    int end = endOfName(name);
    String alias = aliases.getOrDefault(name.substring(0, end), "");
    if (!alias.isEmpty()) {
      return List.of(Reference.parse(alias + name.substring(end)));
    }
    List<Reference> candidates = new ArrayList<>();
    for (String registry : registries) {
      candidates.add(at(registry, name));
    }
    return choosable(name, List.copyOf(candidates));
  }

  private static int endOfName(String name) {
    int at = name.indexOf('@');
    int end = at < 0 ? name.length() : at;
    int colon = name.lastIndexOf(':', end - 1);
    return colon > name.lastIndexOf('/', end - 1) ? colon : end;
  }

  /// Registries here may be machines whose names do not look like it.
  private static Reference at(String registry, String name) throws FormatException {
    Reference there = Reference.parse("localhost/" + name);
    return registry.equals(DOCKER_HUB)
        ? Reference.parse(DOCKER_HUB + "/" + name)
        : new Reference(registry, there.path(), there.tag(), there.digest());
  }

  private List<Reference> choosable(String name, List<Reference> candidates)
      throws FormatException {
    if (candidates.isEmpty()) {
      throw FormatException.malformed(
          "%s: unqualified-search-registries in registries.conf is empty: name the registry, as in"
                  .formatted(name)
              + " REGISTRY/NAME");
    }
    if (candidates.size() > 1 && mode == RegistriesFile.ShortNameMode.ENFORCING) {
      throw FormatException.malformed(
          "%s may be %s, and registries.conf (short-name-mode) wants no guess: name one of them"
              .formatted(
                  name,
                  candidates.stream()
                      .map(Reference::toString)
                      .collect(Collectors.joining(" or "))));
    }
    return candidates;
  }
}
