package io.github.container2boot.fat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Gives the names of one directory their short names (Microsoft FAT Specification, section 7.3).
///
/// A name that is its own short name but for case keeps it; any other gets as much of it as fits
/// and the lowest number that is free: `MicrosoftSample.text` becomes `MICROS~1.TEX`. Names that
/// keep theirs are served first and the rest in the order they come in, so that the result depends
/// on the directory's names alone.
///
/// A long name is written wherever the short one differs from it at all. There is a shorter way for
/// names in lower case, two bits that Windows NT sets, but the specification reserves them, and a
/// system that does not know them shows capitals.
final class ShortNames {
  private final Set<ShortName> taken = new HashSet<>();
  private final Map<Stem, Integer> numbers = new HashMap<>();

  private ShortNames() {}

  /// Entry names for `names`, which differ in more than case, in the same order.
  static List<EntryName> of(List<String> names) {
    ShortNames shortNames = new ShortNames();
    names.stream()
        .filter(ShortNames::isShort)
        .forEach(name -> shortNames.taken.add(Stem.of(name).shortName()));
    List<EntryName> entryNames = new ArrayList<>(names.size());
    names.forEach(name -> entryNames.add(shortNames.entryName(name)));
    return entryNames;
  }

  private EntryName entryName(String name) {
    if (!isShort(name)) {
      return new EntryName(numbered(Stem.of(name)), name);
    }
    ShortName shortName = Stem.of(name).shortName();
    return new EntryName(shortName, shortName.toString().equals(name) ? "" : name);
  }

  private ShortName numbered(Stem stem) {
    int number = numbers.getOrDefault(stem, 0);
    ShortName shortName;
    do {
      number++;
      shortName = stem.numbered(number);
    } while (!taken.add(shortName));
    numbers.put(stem, number);
    return shortName;
  }

  /// Whether nothing but the case of a name keeps it from being a short one.
  private static boolean isShort(String name) {
    int dot = name.indexOf('.');
    String base = dot < 0 ? name : name.substring(0, dot);
    String extension = dot < 0 ? "" : name.substring(dot + 1);
    return !base.isEmpty()
        && base.length() <= ShortName.BASE_SIZE
        && extension.length() <= ShortName.EXTENSION_SIZE
        && isAdmitted(base)
        && isAdmitted(extension);
  }

  private static boolean isAdmitted(String part) {
    return part.chars().allMatch(unit -> ShortName.admits(upperCase((char) unit)));
  }

  /// Only ASCII has a case here: what else there is becomes `_`.
  private static char upperCase(char unit) {
    return unit >= 'a' && unit <= 'z' ? (char) (unit - 'a' + 'A') : unit;
  }

  /// What short names are made from: base and extension in the characters they may have, cut to
  /// their lengths.
  private record Stem(String base, String extension) {
    static Stem of(String name) {
      String trimmed = name.replaceAll("^\\.+", "").replace(" ", "");
      int dot = trimmed.lastIndexOf('.');
      String base = dot < 0 ? trimmed : trimmed.substring(0, dot);
      String extension = dot < 0 ? "" : trimmed.substring(dot + 1);
      return new Stem(
          admitted(base.replace(".", ""), ShortName.BASE_SIZE),
          admitted(extension, ShortName.EXTENSION_SIZE));
    }

    private static String admitted(String part, int most) {
      StringBuilder admitted = new StringBuilder(most);
      part.codePoints()
          .limit(most)
          .forEach(point -> admitted.append(ShortName.admits(upper(point)) ? upper(point) : '_'));
      return admitted.toString();
    }

    private static char upper(int point) {
      return point < 0x80 ? upperCase((char) point) : '\u0080';
    }

    ShortName shortName() {
      return ShortName.of(base, extension);
    }

    ShortName numbered(int number) {
      String tail = String.format(Locale.ROOT, "~%d", number);
      int kept = Math.min(base.length(), ShortName.BASE_SIZE - tail.length());
      return ShortName.of(base.substring(0, kept) + tail, extension);
    }
  }
}
