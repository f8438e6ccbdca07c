package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.container2boot.bytes.BulkInputStream;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.StreamFormat;
import io.github.container2boot.cpio.CpioEntry;
import io.github.container2boot.cpio.CpioReader;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads an initrd until it is clear what made it and what is in it.
///
/// An initrd is plain cpio archives, if any, and then compressed ones. It is streamed: no file in
/// it is kept but dracut's list of modules and release file, and in a dracut initrd, whose names
/// are sorted, little more than firmware lies before those.
final class InitrdReader {
  /// Plain archives, then compressed ones; deeper nesting is not an initrd.
  private static final int MAX_LEVELS = 2;

  private static final long MAX_DECOMPRESSED_BYTES = 8L << 30;
  private static final int MAX_TEXT_BYTES = 1 << 16;

  private static final Pattern DRACUT_VERSION =
      Pattern.compile("(?:usr/)?lib/dracut/dracut-([0-9].{0,63})");
  private static final Pattern DRACUT_IN_RELEASE = Pattern.compile("\\bdracut-([0-9][^ \"]{0,63})");

  private final Set<String> modules = new HashSet<>();
  private Initrd.Generator generator = Initrd.Generator.UNKNOWN;
  private Optional<Version> version = Optional.empty();
  private boolean hasModuleList;

  private InitrdReader() {}

  /// Reads as much as is needed.
  ///
  /// @throws FormatException if the file is no initrd or a malformed one
  static Initrd read(TreePath path, Content content) throws IOException {
    InitrdReader reader = new InitrdReader();
    try (InputStream stream = content.asInputStream()) {
      reader.read(stream);
    }
    return new Initrd(path, content, reader.generator, reader.version, reader.modules);
  }

  private void read(InputStream outermost) throws IOException {
    InputStream stream = outermost;
    for (int level = 0; level < MAX_LEVELS; level++) {
      // Whoever opened the outermost stream closes it, and with it nothing else is open.
      CpioReader archives = new CpioReader(stream);
      if (isClearAfter(archives)) {
        return;
      }
      Optional<InputStream> inner = decompressed(archives);
      if (inner.isEmpty()) {
        return;
      }
      stream = inner.get();
    }
  }

  private boolean isClearAfter(CpioReader archives) throws IOException {
    for (CpioEntry entry = archives.next(); entry != null; entry = archives.next()) {
      look(entry, archives);
      if (isClear()) {
        return true;
      }
    }
    return false;
  }

  private boolean isClear() {
    return hasModuleList && version.isPresent();
  }

  /// What follows the plain archives: nothing, or something compressed.
  private static Optional<InputStream> decompressed(CpioReader archives) throws IOException {
    InputStream rest = archives.rest();
    rest.mark(StreamFormat.HEAD_BYTES);
    ByteString head = ByteString.of(rest.readNBytes(StreamFormat.HEAD_BYTES));
    rest.reset();
    if (head.isEmpty()) {
      return Optional.empty();
    }
    StreamFormat format =
        StreamFormat.detect(head)
            .orElseThrow(() ->
                FormatException.unsupported(
                    archives.offsetBytes(),
                    "not an initrd: expected a cpio archive, plain or compressed with one of "
                        + Arrays.toString(StreamFormat.values())));
    return Optional.of(new Bounded(format.open(rest)));
  }

  private void look(CpioEntry entry, CpioReader archive) throws IOException {
    String name = name(entry);
    switch (name) {
      case "usr/lib/dracut/modules.txt", "lib/dracut/modules.txt" -> readModules(entry, archive);
      case "usr/lib/initrd-release", "etc/initrd-release" -> readRelease(entry, archive);
      case "usr/sbin/dmsquash-live-root", "sbin/dmsquash-live-root" -> modules.add("dmsquash-live");
      case "usr/sbin/livenetroot", "sbin/livenetroot" -> modules.add("livenet");
      case "scripts/live", "usr/share/initramfs-tools/scripts/live" ->
          generator = Initrd.Generator.LIVE_BOOT;
      case "conf/initramfs.conf", "scripts/functions" -> suppose(Initrd.Generator.INITRAMFS_TOOLS);
      case "init_functions", "buildconfig" -> suppose(Initrd.Generator.MKINITCPIO);
      case "sbin/nlplug-findfs", "usr/sbin/nlplug-findfs" -> suppose(Initrd.Generator.MKINITFS);
      default -> readVersion(name);
    }
  }

  private static String name(CpioEntry entry) {
    String name = entry.name().toString();
    return name.startsWith("./")
        ? name.substring(2)
        : name.startsWith("/") ? name.substring(1) : name;
  }

  private void suppose(Initrd.Generator supposed) {
    if (generator == Initrd.Generator.UNKNOWN) {
      generator = supposed;
    }
  }

  private void readModules(CpioEntry entry, CpioReader archive) throws IOException {
    if (entry.type() == CpioEntry.Type.FILE) {
      generator = Initrd.Generator.DRACUT;
      hasModuleList = true;
      text(archive)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .forEach(modules::add);
    }
  }

  /// `usr/lib/dracut/dracut-106-6`: an entry whose name is the version.
  private void readVersion(String name) {
    Matcher matcher = DRACUT_VERSION.matcher(name);
    if (matcher.matches()) {
      generator = Initrd.Generator.DRACUT;
      version = Optional.of(new Version(matcher.group(1)));
    }
  }

  /// dracut names itself in one of three ways, depending on its age and on whether the
  /// distribution's os-release was copied.
  private void readRelease(CpioEntry entry, CpioReader archive) throws IOException {
    if (entry.type() != CpioEntry.Type.FILE || version.isPresent()) {
      return;
    }
    OsRelease release = OsRelease.parse(text(archive).getBytes(UTF_8));
    version =
        release
            .get("DRACUT_VERSION")
            .or(() -> release.get("VERSION").flatMap(InitrdReader::dracutVersion))
            .or(() -> release.get("VERSION_ID").filter(_ -> release.id().equals("dracut")))
            .map(Version::new);
  }

  private static Optional<String> dracutVersion(String text) {
    Matcher matcher = DRACUT_IN_RELEASE.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String text(CpioReader archive) throws IOException {
    return new String(archive.readData(MAX_TEXT_BYTES), UTF_8);
  }

  /// A few bytes can decompress to any number: an end for those who would wait for it.
  private static final class Bounded extends BulkInputStream {
    private final InputStream stream;
    private long left = MAX_DECOMPRESSED_BYTES;

    Bounded(InputStream stream) {
      this.stream = stream;
    }

    @Override
    protected int readSome(byte[] target, int offset, int count) throws IOException {
      int read = stream.read(target, offset, count);
      left -= Math.max(0, read);
      if (left < 0) {
        throw FormatException.unsupported(
            "initrd holds more than %d bytes".formatted(MAX_DECOMPRESSED_BYTES));
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
