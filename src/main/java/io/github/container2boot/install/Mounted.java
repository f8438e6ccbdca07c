package io.github.container2boot.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Which partition a directory lies on, as Linux says in sysfs(5).
///
/// @param sys where sysfs is mounted
record Mounted(Path sys) {
  /// @param device how it is called in /dev, with that in front
  /// @param name its name in the GUID partition table
  record Partition(String device, String name) {}

  static Mounted ofThisMachine() {
    return new Mounted(Path.of("/sys"));
  }

  /// Empty if it is none, or none with a name, as far as anybody knows.
  Optional<Partition> partition(Path directory) {
    try {
      long device = ((Number) Files.getAttribute(directory, "unix:dev")).longValue();
      return partition(number(device));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
      return Optional.empty();
    }
  }

  Optional<Partition> partition(String number) throws IOException {
    Path events = sys.resolve("dev/block").resolve(number).resolve("uevent");
    String device = "";
    String name = "";
    for (String line : Files.readAllLines(events)) {
      if (line.startsWith("DEVNAME=")) {
        device = "/dev/" + line.substring(8);
      } else if (line.startsWith("PARTNAME=")) {
        name = line.substring(9);
      }
    }
    return name.isEmpty() ? Optional.empty() : Optional.of(new Partition(device, name));
  }

  /// A device's two numbers as sysfs writes them, of how the C library puts them into one
  /// (makedev(3)).
  static String number(long device) {
    long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL);
    long minor = (device & 0xff) | ((device >>> 12) & ~0xffL);
    return major + ":" + minor;
  }
}
