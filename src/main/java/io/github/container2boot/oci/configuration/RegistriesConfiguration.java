package io.github.container2boot.oci.configuration;

import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What the user and the machine say about registries: mirrors, moved and blocked ones, short names
/// (containers-registries.conf(5) and containers-registries.conf.d(5)).
///
/// | in this order | |
/// |---|---|
/// | `$CONTAINERS_REGISTRIES_CONF`, or else | has to be there |
/// | `~/.config/containers/registries.conf`, or else | the machine's drop-ins then do not count |
/// | `/etc/containers/registries.conf`, or else | |
/// | `/usr/share/containers/registries.conf` | |
/// | `registries.conf.d/*.conf` beside the last two | what they say replaces what is above |
/// | `registries.conf.d/*.conf` beside the user's | likewise |
/// | `short-name-aliases.conf` | what podman has noted when its user chose |
public final class RegistriesConfiguration {
  private static final String FILE = "containers/registries.conf";
  private static final String DROP_INS = "containers/registries.conf.d";
  private static final String NOTED_ALIASES = "containers/short-name-aliases.conf";

  /// Where docker looks, if nobody says anything.
  private static final List<String> SEARCHED = List.of("docker.io");

  private final RegistriesFile settings;

  private RegistriesConfiguration(RegistriesFile settings) {
    this.settings = settings;
  }

  /// Reads what these files say to the user whose places these are.
  ///
  /// @throws FormatException that names file and line
  public static RegistriesConfiguration of(Places places) throws IOException {
    RegistriesFile settings = RegistriesFile.EMPTY;
    for (Path file : files(places)) {
      Optional<byte[]> content = ConfigurationFile.read(file);
      if (content.isPresent()) {
        settings = settings.then(RegistriesFile.of(TomlSettings.parse(file, content.get())));
      }
    }
    return new RegistriesConfiguration(settings);
  }

  private static List<Path> files(Places places) throws IOException {
    Optional<Path> named = places.variable("CONTAINERS_REGISTRIES_CONF").map(Path::of);
    Path users = places.configuration().resolve(FILE);
    Path machines = places.machine("etc").resolve(FILE);
    Path packaged = places.machine("usr/share").resolve(FILE);
    List<Path> files = new ArrayList<>();
    if (named.isPresent()) {
      requireExists(named.get());
      files.add(named.get());
    } else {
      files.add(firstThere(users, machines, packaged));
    }
    if (!files.contains(users)) {
      files.addAll(dropIns(places.machine("usr/share")));
      files.addAll(dropIns(places.machine("etc")));
    }
    files.addAll(dropIns(places.configuration()));
    files.add(notedAliases(places));
    return files;
  }

  private static void requireExists(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(
          "%s, which CONTAINERS_REGISTRIES_CONF names: no such file"
              .formatted(ConfigurationFile.shown(file)));
    }
  }

  private static Path firstThere(Path... files) {
    for (Path file : files) {
      if (Files.exists(file)) {
        return file;
      }
    }
    return files[0];
  }

  private static List<Path> dropIns(Path directory) throws IOException {
    return ConfigurationFile.list(directory.resolve(DROP_INS), ".conf");
  }

  private static Path notedAliases(Places places) {
    Path users = places.cache().resolve(NOTED_ALIASES);
    return places.isSuperuser()
        ? firstThere(users, places.machine("var/cache").resolve(NOTED_ALIASES))
        : users;
  }

  /// Where to look for an image, in order: mirrors that serve such a reference, then the registry
  /// itself.
  ///
  /// @throws FormatException if the image is moved to where there can be no repository
  public List<Endpoint> endpoints(Reference reference) throws FormatException {
    Optional<RegistryEntry> entry = entry(reference);
    return entry.isPresent()
        ? entry.get().endpoints(reference)
        : List.of(
            new Endpoint(reference.domain(), reference.path(), false, false, Endpoint.Pull.ALL));
  }

  /// Whether the image must not be fetched.
  public boolean isBlocked(Reference reference) {
    return entry(reference).filter(RegistryEntry::blocked).isPresent();
  }

  /// The one with the longest prefix counts.
  private Optional<RegistryEntry> entry(Reference reference) {
    return settings.entries().values().stream()
        .filter(entry -> entry.matches(reference))
        .max(Comparator.comparingInt(entry -> entry.prefix().length()));
  }

  /// What a name without a registry may mean, in the order to try; a complete name is itself.
  ///
  /// @throws FormatException if it is no name, or may mean several and the configuration wants none
  ///   of them guessed
  public List<Reference> candidates(String name) throws IOException {
    return new ShortNames(
            settings.aliases(),
            settings.searched().orElse(SEARCHED),
            settings.mode().orElse(RegistriesFile.ShortNameMode.PERMISSIVE))
        .candidates(name);
  }

  /// Who knows credentials, first to last; empty if nobody says.
  List<String> credentialHelpers() {
    return settings.credentialHelpers().orElse(List.of());
  }
}
