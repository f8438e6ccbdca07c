package io.github.container2boot.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What Linux says of block devices, in sysfs(5) and proc(5).
///
/// | file of sysfs | what |
/// |---|---|
/// | dev/block/8:16 | a link to the device's directory |
/// | size | in units of 512 bytes, whatever its sectors |
/// | queue/logical_block_size | bytes of a sector |
/// | removable | 1: the medium can be taken out; USB disks say 0 |
/// | device/vendor, device/model, device/name | what the maker calls it; an SD card has a name |
/// | holders/ | what lies on top of it: device mapper, RAID |
/// | sdb1/partition | there is one in the directory of each partition |
///
/// @param sys where sysfs is mounted
/// @param proc where procfs is mounted
record BlockDevices(Path sys, Path proc) {
  private static final int MODE_TYPE = 0170000;
  private static final int MODE_BLOCK = 0060000;
  private static final int UNIT_BYTES = 512;

  private static final int MOUNT_DEVICE = 2;
  private static final int MOUNT_POINT = 4;

  static BlockDevices ofThisMachine() {
    return new BlockDevices(Path.of("/sys"), Path.of("/proc"));
  }

  static boolean isBlockDevice(Path path) throws IOException {
    try {
      int mode = ((Number) Files.getAttribute(path, "unix:mode")).intValue();
      return (mode & MODE_TYPE) == MODE_BLOCK;
    } catch (UnsupportedOperationException | IllegalArgumentException notUnix) {
      return false;
    }
  }

  /// Describes the device at `path`.
  ///
  /// @throws InstallException with [InstallException.NotATarget] if it is a partition, or nothing
  ///   that Linux tells of
  BlockDevice describe(Path path) throws IOException {
    long number = ((Number) Files.getAttribute(path, "unix:rdev")).longValue();
    return describe(path, Mounted.number(number));
  }

  BlockDevice describe(Path path, String number) throws IOException {
    Path link = sys.resolve("dev/block").resolve(number);
    if (!Files.exists(link)) {
      throw notATarget(path, "a device that the system says nothing of");
    }
    Path device = link.toRealPath();
    if (Files.exists(device.resolve("partition"))) {
      throw notATarget(
          path, "a partition (mount it and name the directory, or name the whole disk)");
    }
    return new BlockDevice(
        path,
        model(device),
        number(device.resolve("size")) * UNIT_BYTES,
        (int) number(device.resolve("queue/logical_block_size")),
        isRemovable(device),
        uses(device));
  }

  private static InstallException notATarget(Path path, String found) {
    return new InstallException(new InstallException.NotATarget(path, found));
  }

  private static String model(Path device) throws IOException {
    List<String> words = new ArrayList<>();
    for (String name : List.of("vendor", "model", "name")) {
      String word = text(device.resolve("device").resolve(name));
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return String.join(" ", words);
  }

  /// A disk in a USB case says that its medium stays inside, and is plugged in and out all the
  /// same.
  private static boolean isRemovable(Path device) throws IOException {
    String place = device.toString();
    return text(device.resolve("removable")).equals("1")
        || place.matches(".*/usb[0-9]+/.*")
        || (place.contains("/mmc_host/") && text(device.resolve("device/type")).equals("SD"));
  }

  private List<String> uses(Path device) throws IOException {
    Map<String, Path> parts = new LinkedHashMap<>();
    parts.put(text(device.resolve("dev")), device);
    for (Path child : children(device)) {
      if (Files.exists(child.resolve("partition"))) {
        parts.put(text(child.resolve("dev")), child);
      }
    }
    List<String> uses = new ArrayList<>();
    addMounts(uses, parts);
    addSwap(uses, parts);
    for (Path part : parts.values()) {
      for (Path holder : children(part.resolve("holders"))) {
        uses.add("part of " + holder.getFileName());
      }
    }
    return uses;
  }

  private void addMounts(List<String> uses, Map<String, Path> parts) throws IOException {
    for (String line : Files.readAllLines(proc.resolve("self/mountinfo"))) {
      String[] fields = line.split(" ", -1);
      if (fields.length > MOUNT_POINT && parts.containsKey(fields[MOUNT_DEVICE])) {
        uses.add("mounted at " + fields[MOUNT_POINT].replace("\\040", " "));
      }
    }
  }

  private void addSwap(List<String> uses, Map<String, Path> parts) throws IOException {
    Path swaps = proc.resolve("swaps");
    if (!Files.exists(swaps)) {
      return;
    }
    for (String line : Files.readAllLines(swaps)) {
      for (Path part : parts.values()) {
        if (line.startsWith("/dev/" + part.getFileName() + " ")) {
          uses.add("used for swap");
        }
      }
    }
  }

  private static List<Path> children(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(directory)) {
      return children.sorted().toList();
    }
  }

  private static String text(Path file) throws IOException {
    return Files.isRegularFile(file) ? Files.readString(file).strip() : "";
  }

  private static long number(Path file) throws IOException {
    try {
      return Long.parseLong(text(file));
    } catch (NumberFormatException none) {
      throw new IOException(file + ": expected a number", none);
    }
  }
}
