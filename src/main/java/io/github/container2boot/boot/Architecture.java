package io.github.container2boot.boot;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A processor architecture that boots by UEFI, with the names others have for it.
public enum Architecture {
  X86_64("x64", 0x8664, "x86_64", "amd64", 2047),
  AARCH64("aa64", 0xaa64, "arm64", "arm64", 2047),
  RISCV64("riscv64", 0x5064, "riscv64", "riscv64", 1023);

  private final String efiSuffix;
  private final int machine;
  private final String grubName;
  private final String containerName;
  private final int commandLineLimitBytes;

  Architecture(
      String efiSuffix,
      int machine,
      String grubName,
      String containerName,
      int commandLineLimitBytes) {
    this.efiSuffix = efiSuffix;
    this.machine = machine;
    this.grubName = grubName;
    this.containerName = containerName;
    this.commandLineLimitBytes = commandLineLimitBytes;
  }

  /// How the names of EFI programs end: `x64` in `shimx64.efi`.
  public String efiSuffix() {
    return efiSuffix;
  }

  /// The machine type in a PE file's COFF header.
  public int machine() {
    return machine;
  }

  /// What GRUB calls it, in `$grub_cpu`.
  public String grubName() {
    return grubName;
  }

  /// The directory of GRUB's modules: `x86_64-efi`.
  public String grubPlatform() {
    return grubName + "-efi";
  }

  /// What OCI calls it, after Go: `amd64`.
  public String containerName() {
    return containerName;
  }

  /// How many bytes of command line the kernel keeps: its COMMAND_LINE_SIZE without the NUL.
  public int commandLineLimitBytes() {
    return commandLineLimitBytes;
  }

  /// What a firmware loads from a removable medium: `BOOTX64.EFI` (UEFI 2.11, 3.5.1.1).
  public String removableName() {
    return "BOOT" + efiSuffix.toUpperCase(Locale.ROOT) + ".EFI";
  }

  /// What the kernel calls it in `uname -m`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Architecture> ofMachine(int machine) {
    return Arrays.stream(values()).filter(known -> known.machine == machine).findFirst();
  }
}
