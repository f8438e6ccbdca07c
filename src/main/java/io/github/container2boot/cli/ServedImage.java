package io.github.container2boot.cli;

import io.github.container2boot.serve.ServedSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What images are called on a server: as the user says, else after their source.
///
/// @param name part of addresses
/// @param source as `build` takes it, or what a former build wrote
record ServedImage(String name, String source) {
  /// Names with a meaning of their own there.
  private static final Set<String> RESERVED = Set.of("grub", "boot", "efi", "healthz", "metrics");

  private static final int MOST_CHARACTERS = 40;

  /// Reads `NAME=SOURCE` or `SOURCE`, each image under another name.
  static List<ServedImage> parse(List<String> arguments) throws WrongUsage {
    List<ServedImage> images = new ArrayList<>();
    Set<String> taken = new HashSet<>(RESERVED);
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      boolean named = equals > 0 && !Files.exists(Path.of(argument)) && isName(argument, equals);
      String name = named ? argument.substring(0, equals) : free(derived(argument), taken);
      if (named && taken.contains(name)) {
        throw new WrongUsage(
            "%s: another image has this name, or the server needs it; choose another"
                .formatted(name));
      }
      taken.add(name);
      images.add(new ServedImage(name, named ? argument.substring(equals + 1) : argument));
    }
    return images;
  }

  private static boolean isName(String argument, int equals) {
    return ServedSystem.NAME.matcher(argument.substring(0, equals)).matches();
  }

  /// `debian` for `localhost/debian:trixie`, `machine` for `oci-archive:machine.tar` and for
  /// `machine/disk.img`.
  private static String derived(String source) {
    String plain = source.replaceFirst("/+$", "").replaceFirst("/(disk\\.img|esp)$", "");
    String last = plain.substring(plain.lastIndexOf('/') + 1);
    String afterTransport =
        last.replaceFirst(
            "^(oci|oci-archive|docker-archive|dir|rootfs|containers-storage|docker-daemon|docker):",
            "");
    String withoutTag = afterTransport.replaceFirst("[:@].*$", "");
    String withoutSuffix = withoutTag.replaceFirst("(\\.(oci|tar|gz|xz|zst|tgz|img|sqfs))+$", "");
    String harmless = withoutSuffix.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[._-]+", "");
    String cut =
        harmless.length() > MOST_CHARACTERS ? harmless.substring(0, MOST_CHARACTERS) : harmless;
    return cut.isEmpty() ? "image" : cut;
  }

  private static String free(String wanted, Set<String> taken) {
    String name = wanted;
    for (int number = 2; taken.contains(name); number++) {
      name = wanted + "-" + number;
    }
    return name;
  }
}
