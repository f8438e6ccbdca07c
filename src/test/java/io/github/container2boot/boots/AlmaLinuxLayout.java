package io.github.container2boot.boots;

import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A layer that moves what boots a Debian machine to where AlmaLinux 9 keeps it.
///
/// | | Debian 13 | AlmaLinux 9 |
/// |---|---|---|
/// | kernel | /boot/vmlinuz-V | /usr/lib/modules/V/vmlinuz |
/// | initrd | /boot/initrd.img-V | /boot/initramfs-V.img |
/// | shim | /usr/lib/shim/shimx64.efi.signed | /boot/efi/EFI/BOOT/BOOTX64.EFI, EFI/almalinux/shimx64.efi |
/// | GRUB | /usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed | /boot/efi/EFI/almalinux/grubx64.efi |
///
/// Two decoys lie beside them, as on real machines: a rescue image, and an older kernel whose
/// number is larger as a string. The binaries are Debian's, so this GRUB was built to look in
/// EFI/debian; the image has to follow the GRUB it has.
final class AlmaLinuxLayout {
  private static final String OS_RELEASE =
      """
      NAME="AlmaLinux"
      VERSION="9.6 (Sage Margay)"
      ID="almalinux"
      ID_LIKE="rhel centos fedora"
      VERSION_ID="9.6"
      PRETTY_NAME="AlmaLinux 9.6 (Sage Margay)"
      """;

  private final Path debian;
  private final Path layer;

  private AlmaLinuxLayout(Path debian, Path layer) {
    this.debian = debian;
    this.layer = layer;
  }

  /// Writes the layer for the root in the archive `machine` to the archive `layer`, with `scratch`
  /// as a place to work in.
  static void write(Path machine, Path layer, Path scratch) throws IOException {
    Path debian = Files.createDirectories(scratch.resolve("debian"));
    Tools.run(
        "tar",
        "-C",
        debian,
        "-xf",
        machine,
        "./boot",
        "./usr/lib/shim",
        "./usr/lib/grub",
        "./usr/lib/modules",
        "--wildcards",
        "--exclude=*.ko*");
    AlmaLinuxLayout layout = new AlmaLinuxLayout(debian, scratch.resolve("layer"));
    layout.fill();
    Tools.run(
        "tar", "-C", layout.layer, "--owner=0", "--group=0", "--numeric-owner", "-cf", layer, ".");
  }

  private void fill() throws IOException {
    String version = kernelVersion();
    move("boot/vmlinuz-" + version, "usr/lib/modules/" + version + "/vmlinuz");
    move("boot/config-" + version, "usr/lib/modules/" + version + "/config");
    move("boot/initrd.img-" + version, "boot/initramfs-" + version + ".img");
    write("boot/initramfs-0-rescue-0123456789abcdef.img", "a rescue image is never the answer");
    write("boot/vmlinuz-0-rescue-0123456789abcdef", "nor is its kernel");
    write("usr/lib/modules/6.9.0-1.el9.x86_64/vmlinuz", "older than 6.12, though not as a string");

    String shim = "usr/lib/shim/";
    copy(shim + "shimx64.efi.signed", "boot/efi/EFI/BOOT/BOOTX64.EFI");
    copy(shim + "fbx64.efi.signed", "boot/efi/EFI/BOOT/fbx64.EFI");
    copy(shim + "shimx64.efi.signed", "boot/efi/EFI/almalinux/shimx64.efi");
    copy(shim + "mmx64.efi.signed", "boot/efi/EFI/almalinux/mmx64.efi");
    copy(shim + "BOOTX64.CSV", "boot/efi/EFI/almalinux/BOOTX64.CSV");
    copy("usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed", "boot/efi/EFI/almalinux/grubx64.efi");
    write("usr/lib/.wh.shim", "");
    write("usr/lib/.wh.grub", "");
    write("usr/lib/os-release", OS_RELEASE);
  }

  private String kernelVersion() throws IOException {
    try (var versions = Files.list(debian.resolve("usr/lib/modules"))) {
      return versions.findFirst().orElseThrow().getFileName().toString();
    }
  }

  private void move(String from, String to) throws IOException {
    copy(from, to);
    int slash = from.lastIndexOf('/') + 1;
    write(from.substring(0, slash) + ".wh." + from.substring(slash), "");
  }

  private void copy(String from, String to) throws IOException {
    Files.copy(debian.resolve(from), place(to));
  }

  private void write(String to, String text) throws IOException {
    Files.writeString(place(to), text);
  }

  private Path place(String to) throws IOException {
    Path path = layer.resolve(to);
    Files.createDirectories(path.getParent());
    return path;
  }
}
