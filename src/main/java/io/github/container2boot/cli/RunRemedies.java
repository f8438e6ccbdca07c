package io.github.container2boot.cli;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.run.RunException;

/// What to do about a virtual machine that does not start, or not do what it should.
final class RunRemedies {
  private RunRemedies() {}

  static String describe(RunException.Problem problem) {
    return problem.message()
        + switch (problem) {
          case RunException.NoEmulator missing -> "; install " + emulatorPackages(missing);
          case RunException.NoFirmware missing -> firmware(missing);
          case RunException.NotBootable _ ->
              "; if it boots in another way, say for which machine with --arch";
          case RunException.PortTaken taken ->
              "; choose another, as with --port %d:%d"
                  .formatted(otherPort(taken.port().hostPort()), taken.port().guestPort());
          case RunException.EmulatorFailed _ -> "; --dry-run shows its command line";
          case RunException.NotSeen _ ->
              "; --log FILE keeps all it shows, and a kernel that shows nothing needs --append console=ttyS0 when it is built";
        };
  }

  private static int otherPort(int taken) {
    return taken < 1024 ? 8000 + taken : taken < 65_535 ? taken + 1 : taken - 1;
  }

  private static String emulatorPackages(RunException.NoEmulator missing) {
    return switch (missing.architecture()) {
      case X86_64 ->
          "qemu-system-x86 (Debian, Ubuntu, Fedora, Arch), qemu-x86 (openSUSE) or qemu (Homebrew)";
      case AARCH64 ->
          "qemu-system-arm (Debian, Ubuntu), qemu-system-aarch64 (Fedora, Arch), qemu-arm (openSUSE) or qemu (Homebrew)";
      case RISCV64 ->
          "qemu-system-riscv (Debian 13, Fedora, Arch), qemu-system-misc (Debian 12, Ubuntu) or qemu-extra (openSUSE)";
    };
  }

  private static String firmware(RunException.NoFirmware missing) {
    return "; install "
        + firmwarePackages(missing.architecture())
        + (missing.secureBoot() ? ", or use --secure-boot=off" : "");
  }

  private static String firmwarePackages(Architecture architecture) {
    return switch (architecture) {
      case X86_64 ->
          "ovmf (Debian, Ubuntu), edk2-ovmf (Fedora, Arch) or qemu-ovmf-x86_64 (openSUSE)";
      case AARCH64 ->
          "qemu-efi-aarch64 (Debian, Ubuntu), edk2-aarch64 (Fedora, Arch) or qemu-uefi-aarch64 (openSUSE)";
      case RISCV64 -> "qemu-efi-riscv64 (Debian, Ubuntu) or edk2-riscv64 (Fedora)";
    };
  }
}
