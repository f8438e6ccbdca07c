package io.github.container2boot.install;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What lies at a target, as far as an installation needs to know. Paths are relative to the target
/// and in lower case where they are keys, as FAT takes them.
///
/// @param files those at places where files will go or once were put
/// @param list what was installed before
/// @param configurations those at places where boot loaders look for them, by path as spelled there
/// @param systems names in the directory of systems that belong to one, with their sizes: a
///   directory's of its own, or a file's that lies there directly
/// @param leftovers paths of files that an interrupted installation did not finish, with their
///   sizes
/// @param freeBytes what this user may write
/// @param blockBytes what space is handed out in
record TargetState(
    Map<String, Existing> files,
    InstalledFiles list,
    Map<String, Configuration> configurations,
    Map<String, Long> systems,
    Map<String, Long> leftovers,
    long freeBytes,
    long blockBytes) {

  private static final String SYSTEMD_ENTRY = "loader/entries/container2boot.conf";
  private static final Set<String> SYSTEMD_DIRECTORIES =
      Set.of("efi/boot", "efi/systemd", "loader", "loader/entries");

  /// A file that is there.
  ///
  /// @param path as it is spelled
  record Existing(String path, long sizeBytes, String sha256) {}

  static String key(String path) {
    return path.toLowerCase(Locale.ROOT);
  }

  Optional<Existing> find(String path) {
    return Optional.ofNullable(files.get(key(path)));
  }

  /// Whether this program has put the file there: it says so itself, or it stands beside a
  /// configuration that boots a system of ours, as where it was copied by other means.
  boolean isOurs(Existing file) {
    return key(file.path()).startsWith(NewSystem.SYSTEMS + "/")
        || list.has(file.path(), file.sha256())
        || isBesideConfiguration(key(file.path()));
  }

  private boolean isBesideConfiguration(String path) {
    String directory = parent(path);
    return configurations.entrySet().stream()
        .filter(entry -> entry.getValue().isOfSystem())
        .map(entry -> key(entry.getKey()))
        .anyMatch(configuration ->
            parent(configuration).equals(directory)
                || (configuration.equals(SYSTEMD_ENTRY)
                    && SYSTEMD_DIRECTORIES.contains(directory)));
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /// Whether some configuration names a file of it.
  boolean isNamed(String system) {
    return configurations.values().stream()
        .flatMap(configuration -> configuration.files().stream())
        .anyMatch(file -> file.equals(system) || file.startsWith(system + "/"));
  }
}
