package io.github.container2boot.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.boot.EspTree;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The list of what was installed, as `sha256sum --check` reads it from the target's root.
///
/// While something is being installed it has the old files and the new, so that whatever an
/// interruption leaves is known to be ours.
///
/// @param entries a path may have several, each with another digest
record InstalledFiles(Set<Entry> entries) {
  /// Where the list lies.
  static final String PATH = EspTree.DIRECTORY.substring(1) + "/SHA256SUMS";

  static final long MOST_BYTES = 1 << 20;

  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  ([^\\x00-\\x1f]+)");

  InstalledFiles {
    entries = new TreeSet<>(entries);
  }

  /// One line of the list.
  record Entry(String path, String sha256) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int order = path.compareTo(other.path);
      return order != 0 ? order : sha256.compareTo(other.sha256);
    }
  }

  static InstalledFiles none() {
    return new InstalledFiles(Set.of());
  }

  /// Lines of another form mean nothing, as do paths that lead out of the target.
  static InstalledFiles parse(byte[] list) {
    return new InstalledFiles(
        new String(list, UTF_8)
            .lines()
            .map(LINE::matcher)
            .filter(Matcher::matches)
            .map(line -> new Entry(line.group(2), line.group(1)))
            .filter(entry -> leadsInside(entry.path()))
            .collect(Collectors.toSet()));
  }

  private static boolean leadsInside(String path) {
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        return false;
      }
    }
    return true;
  }

  byte[] bytes() {
    return entries.stream()
        .map(entry -> entry.sha256() + "  " + entry.path() + "\n")
        .collect(Collectors.joining())
        .getBytes(UTF_8);
  }

  boolean has(String path, String sha256) {
    return entries.contains(new Entry(path, sha256));
  }

  Set<String> paths() {
    return entries.stream().map(Entry::path).collect(Collectors.toCollection(TreeSet::new));
  }

  InstalledFiles and(InstalledFiles others) {
    Set<Entry> both = new TreeSet<>(entries);
    both.addAll(others.entries);
    return new InstalledFiles(both);
  }
}
