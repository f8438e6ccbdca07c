package io.github.container2boot.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Paths as firmware, loaders and people write them.
final class ServedPath {
  private static final int MOST_CHARACTERS = 1024;

  /// GRUBs of Fedora and RHEL ask for `grub.cfg-01-52-54-00-12-34-56` first, as pxelinux would; 01
  /// is Ethernet.
  private static final Pattern CONFIGURATION =
      Pattern.compile("grub\\.cfg-01-((?:[0-9a-f]{2}-){5}[0-9a-f]{2})");

  private ServedPath() {}

  /// The names in a path, between slashes of either direction and any number; empty if it is no
  /// path of this server's, as one is that leads upwards.
  static Optional<List<String>> names(String path) {
    if (path.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (String name : path.split("[/\\\\]", -1)) {
      if (name.equals(".") || name.equals("..")) {
        return Optional.empty();
      }
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return Optional.of(names);
  }

  /// The machine whose configuration a file of this name would be.
  static Optional<HardwareAddress> machineOfConfiguration(String name) {
    Matcher matcher = CONFIGURATION.matcher(name.toLowerCase(Locale.ROOT));
    return matcher.matches() ? HardwareAddress.parse(matcher.group(1)) : Optional.empty();
  }
}
