package io.github.container2boot.install;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.boot.EspTree;
import io.github.container2boot.boot.GrubHandOver;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A boot loader's configuration: which files of the system it names.
///
/// Whatever the loader's language, and however a user has edited it, the system's files are named
/// by absolute paths below `/container2boot`, and the directory of the root by `rd.live.dir`. Or it
/// leads to another, as [GrubHandOver] does.
///
/// @param text its bytes, each as the character of that number, so that all of them come through
record Configuration(String text) {
  /// Far more than any configuration needs; all of it is read at once.
  static final long MOST_BYTES = 1 << 20;

  /// The directory as a whole name, not as the beginning of another.
  private static final Pattern DIRECTORY =
      Pattern.compile("(?<![A-Za-z0-9._/-])" + EspTree.DIRECTORY + "(?![A-Za-z0-9._-])");

  private static final Pattern FILE = Pattern.compile(DIRECTORY.pattern() + "/([^\\s'\"\\\\;{}]+)");
  private static final Pattern LIVE_DIRECTORY =
      Pattern.compile(
          "rd\\.live\\.dir=" + EspTree.DIRECTORY + "((?:/[^\\s'\"\\\\;{}/]+)*)/?(?![^\\s'\"])");
  private static final Pattern LIVE_IMAGE =
      Pattern.compile("rd\\.live\\.squashimg=([^\\s'\"\\\\;{}/]+)");
  private static final Pattern PARTITION_LABEL =
      Pattern.compile("root=live:PARTLABEL=([^\\s'\"\\\\;{}]+)");

  static Configuration of(byte[] bytes) {
    return new Configuration(new String(bytes, ISO_8859_1));
  }

  /// Whether a boot loader looks for its configuration at this path.
  static boolean isAt(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return name.endsWith("/grub.cfg") || (name.startsWith("loader/") && name.endsWith(".conf"));
  }

  byte[] bytes() {
    return text.getBytes(ISO_8859_1);
  }

  /// Whether it boots, or may boot, what lies in the directory.
  boolean isOfSystem() {
    return DIRECTORY.matcher(text).find() || handsOverTo().isPresent();
  }

  /// The configuration it leads to, relative to the root of the partition.
  Optional<String> handsOverTo() {
    return GrubHandOver.in(text).map(handOver -> handOver.path().substring(1));
  }

  /// The same for a system that lies in `directory` below that it was made for.
  Configuration movedTo(String directory) {
    String moved = EspTree.DIRECTORY + "/" + directory;
    return new Configuration(DIRECTORY.matcher(text).replaceAll(Matcher.quoteReplacement(moved)));
  }

  /// The files it needs, relative to `container2boot`.
  Set<String> files() {
    Set<String> files = new TreeSet<>();
    FILE.matcher(withoutLiveDirectories()).results().forEach(match -> files.add(match.group(1)));
    LIVE_DIRECTORY
        .matcher(text)
        .results()
        .forEach(match -> files.add((match.group(1) + "/" + liveImage()).substring(1)));
    return files;
  }

  private String withoutLiveDirectories() {
    return LIVE_DIRECTORY.matcher(text).replaceAll("");
  }

  /// What dracut looks for unless it is told another name.
  private String liveImage() {
    Matcher named = LIVE_IMAGE.matcher(text);
    return named.find()
        ? named.group(1)
        : EspTree.ROOT_IMAGE.substring(EspTree.DIRECTORY.length() + 1);
  }

  /// The name of the partition that the root is looked for in.
  Optional<String> partitionLabel() {
    return PARTITION_LABEL.matcher(text).results().map(match -> match.group(1)).findFirst();
  }
}
