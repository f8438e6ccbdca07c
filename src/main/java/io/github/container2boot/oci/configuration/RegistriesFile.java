package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one `registries.conf`, a drop-in, or all of them together say.
///
/// | key | |
/// |---|---|
/// | `unqualified-search-registries` | where names without a registry are looked for, in order |
/// | `credential-helpers` | who knows credentials |
/// | `short-name-mode` | what to do where a name without a registry may mean several |
/// | `[[registry]]` | see [RegistryEntry] |
/// | `[aliases]` | what names without a registry mean |
///
/// The format before (`[registries.search]`, `insecure`, `block`, each with `registries`) says the
/// same with fewer words, and is read too.
///
/// @param searched empty if the file does not say, so that an earlier one counts
/// @param entries by prefix
/// @param aliases by short name; empty text takes one back
record RegistriesFile(
    Optional<List<String>> searched,
    Optional<List<String>> credentialHelpers,
    Optional<ShortNameMode> mode,
    Map<String, RegistryEntry> entries,
    Map<String, String> aliases) {

  /// What to do where a name may mean several images. Podman asks a user at a terminal first, which
  /// we never do.
  enum ShortNameMode {
    ENFORCING,
    PERMISSIVE,
    DISABLED
  }

  static final RegistriesFile EMPTY =
      new RegistriesFile(Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Map.of());

  private static final List<String> KEYS =
      List.of("unqualified-search-registries", "registry", "credential-helpers", "short-name-mode");

  static RegistriesFile of(TomlSettings settings) throws FormatException {
    Optional<TomlSettings> old = settings.table("registries");
    if (old.isEmpty()) {
      return new RegistriesFile(
          searched(settings, "unqualified-search-registries"),
          settings.texts("credential-helpers").filter(helpers -> !helpers.isEmpty()),
          mode(settings),
          entries(settings),
          aliases(settings));
    }
    for (String key : KEYS) {
      if (settings.has(key)) {
        throw settings.malformed(key, "expected no [registries], the older format, beside it");
      }
    }
    return ofOld(old.get());
  }

  private static Optional<List<String>> searched(TomlSettings settings, String key)
      throws FormatException {
    Optional<List<String>> given = settings.texts(key);
    List<String> registries = new ArrayList<>();
    for (String registry : given.orElse(List.of())) {
      Location location = located(settings, key, registry);
      if (!location.isHost()) {
        throw settings.malformed(key, "expected registries, HOST[:PORT]");
      }
      registries.add(location.host());
    }
    return given.map(_ -> List.copyOf(registries));
  }

  private static Location located(TomlSettings settings, String key, String text)
      throws FormatException {
    try {
      return Location.parse(text);
    } catch (FormatException problem) {
      throw settings.malformed(key, problem);
    }
  }

  private static Optional<ShortNameMode> mode(TomlSettings settings) throws FormatException {
    String key = "short-name-mode";
    return switch (settings.text(key).orElse("")) {
      case "" -> Optional.empty();
      case "enforcing" -> Optional.of(ShortNameMode.ENFORCING);
      case "permissive" -> Optional.of(ShortNameMode.PERMISSIVE);
      case "disabled" -> Optional.of(ShortNameMode.DISABLED);
      default -> throw settings.malformed(key, "expected enforcing, permissive or disabled");
    };
  }

  private static Map<String, RegistryEntry> entries(TomlSettings settings) throws FormatException {
    Map<String, RegistryEntry> entries = new LinkedHashMap<>();
    for (TomlSettings table : settings.tables("registry")) {
      RegistryEntry entry = RegistryEntry.of(table);
      entries.put(entry.prefix(), entry);
    }
    return entries;
  }

  private static Map<String, String> aliases(TomlSettings settings) throws FormatException {
    Optional<TomlSettings> table = settings.table("aliases");
    Map<String, String> aliases = new LinkedHashMap<>();
    if (table.isPresent()) {
      for (String name : table.get().keys()) {
        aliases.put(name, alias(table.get(), name));
      }
    }
    return aliases;
  }

  private static String alias(TomlSettings aliases, String name) throws FormatException {
    if (!ShortNames.isShort(name)) {
      throw aliases.malformed(name, "expected a name without a registry");
    }
    String target = aliases.text(name).orElse("");
    if (!target.isEmpty()
        && (ShortNames.isShort(target) || located(aliases, name, target).isHost())) {
      throw aliases.malformed(name, "expected REGISTRY/NAME, without tag or digest");
    }
    return target;
  }

  private static RegistriesFile ofOld(TomlSettings registries) throws FormatException {
    Map<String, RegistryEntry> entries = new LinkedHashMap<>();
    List<String> insecure = old(registries, "insecure").orElse(List.of());
    List<String> blocked = old(registries, "block").orElse(List.of());
    for (List<String> some : List.of(insecure, blocked)) {
      for (String registry : some) {
        entries.put(
            registry,
            RegistryEntry.of(registry, insecure.contains(registry), blocked.contains(registry)));
      }
    }
    return new RegistriesFile(
        old(registries, "search"), Optional.empty(), Optional.empty(), entries, Map.of());
  }

  private static Optional<List<String>> old(TomlSettings registries, String key)
      throws FormatException {
    Optional<TomlSettings> table = registries.table(key);
    return table.isPresent() ? searched(table.get(), "registries") : Optional.empty();
  }

  /// This and what a later file changes.
  RegistriesFile then(RegistriesFile later) {
    return new RegistriesFile(
        later.searched.or(() -> searched),
        later.credentialHelpers.or(() -> credentialHelpers),
        later.mode.or(() -> mode),
        merged(entries, later.entries),
        merged(aliases, later.aliases));
  }

  private static <T> Map<String, T> merged(Map<String, T> earlier, Map<String, T> later) {
    Map<String, T> merged = new LinkedHashMap<>(earlier);
    merged.putAll(later);
    return merged;
  }
}
