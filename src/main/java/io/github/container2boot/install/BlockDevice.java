package io.github.container2boot.install;

import java.nio.file.Path;
import java.util.List;

/// A whole disk or stick.
///
/// @param path how the user named it
/// @param model what the maker calls it; empty if nobody knows
/// @param removable whether it is made to be plugged in and out
/// @param uses what it is being used for, each to be read after "is": `mounted at /mnt`
public record BlockDevice(
    Path path,
    String model,
    long sizeBytes,
    int sectorSizeBytes,
    boolean removable,
    List<String> uses) {
  public BlockDevice {
    uses = List.copyOf(uses);
  }
}
