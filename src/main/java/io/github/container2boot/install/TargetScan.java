package io.github.container2boot.install;

import io.github.container2boot.boot.EspTree;
import io.github.container2boot.bytes.Content;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Looks at a target.
final class TargetScan {
  /// What a file is called until it is complete, behind its name.
  static final String UNFINISHED = ".new";

  private static final String LOADERS = "EFI";
  private static final String GRUB = "/grub.cfg";
  private static final String SYSTEMD_ENTRY = "loader/entries/container2boot.conf";

  /// The names in the directory of systems that a system has which lies there directly.
  private static final Set<String> PLAIN_SYSTEM =
      Set.of(name(EspTree.KERNEL), name(EspTree.INITRD), name(EspTree.ROOT_IMAGE));

  private final Path target;
  private final NewSystem system;

  private TargetScan(Path target, NewSystem system) {
    this.target = target;
    this.system = system;
  }

  /// What the target says that matters to an installation of `system`.
  ///
  /// @throws InstallException with [InstallException.InTheWay]
  static TargetState of(Path target, NewSystem system) throws IOException {
    return new TargetScan(target, system).state();
  }

  private static String name(String path) {
    return path.substring(EspTree.DIRECTORY.length() + 1);
  }

  private TargetState state() throws IOException {
    InstalledFiles list = list();
    FileStore store = Files.getFileStore(target);
    return new TargetState(
        existing(list),
        list,
        configurations(list),
        systems(),
        leftovers(list),
        store.getUsableSpace(),
        store.getBlockSize());
  }

  private InstalledFiles list() throws IOException {
    Path path = place(InstalledFiles.PATH);
    boolean readable =
        Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
            && Files.size(path) <= InstalledFiles.MOST_BYTES;
    return readable ? InstalledFiles.parse(Files.readAllBytes(path)) : InstalledFiles.none();
  }

  /// Where a path of the target leads: never out of it.
  private Path place(String path) throws IOException {
    Path place = target;
    for (String name : path.split("/", -1)) {
      if (!place.equals(target)) {
        requireDirectory(place);
      }
      place = place.resolve(name);
    }
    return place;
  }

  private static void requireDirectory(Path place) throws InstallException {
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)
        && !Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new InstallException(new InstallException.InTheWay(place, "a directory"));
    }
  }

  private Map<String, TargetState.Existing> existing(InstalledFiles list) throws IOException {
    Map<String, TargetState.Existing> existing = new HashMap<>();
    for (SystemFile file : system.files()) {
      add(existing, file.path(), file.sizeBytes());
    }
    for (String path : list.paths()) {
      if (!isOfSystem(path) && isHarmless(path)) {
        add(existing, path, Long.MAX_VALUE);
      }
    }
    return existing;
  }

  private static boolean isOfSystem(String path) {
    return TargetState.key(path).startsWith(NewSystem.SYSTEMS + "/");
  }

  /// Whether a listed path leads where something could be: others may have changed what is on the
  /// way.
  private boolean isHarmless(String path) {
    try {
      return Files.isRegularFile(place(path), LinkOption.NOFOLLOW_LINKS);
    } catch (InstallException | java.nio.file.InvalidPathException elsewhere) {
      return false;
    } catch (IOException impossible) {
      return false;
    }
  }

  /// @param sizeBytes what it takes to be the same; another is only read if it is small
  private void add(Map<String, TargetState.Existing> existing, String path, long sizeBytes)
      throws IOException {
    Path place = place(path);
    if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)
        || existing.containsKey(TargetState.key(path))) {
      return;
    }
    if (!Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new InstallException(new InstallException.InTheWay(place, "a file"));
    }
    long found = Files.size(place);
    String sha256 = found == sizeBytes || !isOfSystem(path) ? digest(place) : "";
    existing.put(TargetState.key(path), new TargetState.Existing(path, found, sha256));
  }

  private static String digest(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return Sha256.of(Content.ofFile(channel, 0, channel.size()), _ -> {});
    }
  }

  private Map<String, Configuration> configurations(InstalledFiles list) throws IOException {
    Map<String, String> places = new HashMap<>();
    system.files().stream()
        .filter(file -> file.role().isConfiguration())
        .forEach(file -> places.putIfAbsent(TargetState.key(file.path()), file.path()));
    list.paths().stream()
        .filter(Configuration::isAt)
        .forEach(path -> places.putIfAbsent(TargetState.key(path), path));
    for (String directory : names(LOADERS)) {
      String path = LOADERS + "/" + directory + GRUB;
      places.putIfAbsent(TargetState.key(path), path);
    }
    places.putIfAbsent(SYSTEMD_ENTRY, SYSTEMD_ENTRY);
    Map<String, Configuration> configurations = new TreeMap<>();
    for (String path : places.values()) {
      if (isHarmless(path) && Files.size(place(path)) <= Configuration.MOST_BYTES) {
        configurations.put(path, Configuration.of(Files.readAllBytes(place(path))));
      }
    }
    return configurations;
  }

  private List<String> names(String directory) throws IOException {
    Path place = place(directory);
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(place)) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    }
  }

  private Map<String, Long> systems() throws IOException {
    Map<String, Long> systems = new TreeMap<>();
    for (String name : names(NewSystem.SYSTEMS)) {
      Path place = place(NewSystem.SYSTEMS + "/" + name);
      boolean isDirectory = Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS);
      if (isDirectory ? NewSystem.DIRECTORY.matcher(name).matches() : PLAIN_SYSTEM.contains(name)) {
        systems.put(name, sizeBytes(place));
      }
    }
    return systems;
  }

  private Map<String, Long> leftovers(InstalledFiles list) throws IOException {
    Set<String> paths = new TreeSet<>(list.paths());
    system.files().forEach(file -> paths.add(file.path()));
    paths.add(InstalledFiles.PATH);
    Map<String, Long> leftovers = new TreeMap<>();
    for (String path : paths) {
      if (isHarmless(path + UNFINISHED)) {
        leftovers.put(path + UNFINISHED, Files.size(place(path + UNFINISHED)));
      }
    }
    return leftovers;
  }

  private static long sizeBytes(Path place) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> below = Files.walk(place)) {
      below
          .filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
          .forEach(files::add);
    }
    long size = 0;
    for (Path file : files) {
      size += Files.size(file);
    }
    return size;
  }
}
