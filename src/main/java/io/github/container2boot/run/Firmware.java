package io.github.container2boot.run;

import java.nio.file.Path;

/// A UEFI firmware for virtual machines, in two parts of a flash memory.
///
/// @param code its program, which is never written to
/// @param variables what its variables are at first
/// @param enforcesSecureBoot whether these hold keys, so that unsigned programs are not started
/// @param needsSystemManagement whether it works only on a machine with System Management Mode
public record Firmware(
    FlashImage code,
    FlashImage variables,
    boolean enforcesSecureBoot,
    boolean needsSystemManagement) {

  /// A file with the content of flash memory.
  ///
  /// @param format as QEMU names formats of disk images: `raw` or `qcow2`
  public record FlashImage(Path path, String format) {
    static FlashImage of(Path path) {
      return new FlashImage(path, path.toString().endsWith(".qcow2") ? "qcow2" : "raw");
    }
  }
}
