package io.github.container2boot.run;

import io.github.container2boot.boot.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// What executes the guest's instructions.
public enum Accelerator {
  /// Linux's hypervisor.
  KVM,
  /// That of macOS.
  HVF,
  /// QEMU itself, translating every instruction.
  TCG;

  private static final Path KVM_DEVICE = Path.of("/dev/kvm");

  /// The best one that works for guests of `guest` here. A hypervisor has to have run a guest to
  /// count: a /dev/kvm that opens is not always one that can run a kernel.
  ///
  /// @param emulator QEMU for that architecture
  public static Accelerator find(Path emulator, Architecture guest) {
    return candidate(guest)
        .filter(hypervisor -> new Probe(emulator, guest, hypervisor).succeeds())
        .orElse(TCG);
  }

  private static Optional<Accelerator> candidate(Architecture guest) {
    if (!ofThisMachine().equals(Optional.of(guest))) {
      return Optional.empty();
    }
    if (System.getProperty("os.name").startsWith("Mac")) {
      return Optional.of(HVF);
    }
    return Files.isReadable(KVM_DEVICE) && Files.isWritable(KVM_DEVICE)
        ? Optional.of(KVM)
        : Optional.empty();
  }

  /// The architecture of the processor this runs on, if it is one that boots by UEFI.
  public static Optional<Architecture> ofThisMachine() {
    return switch (System.getProperty("os.arch")) {
      case "amd64", "x86_64" -> Optional.of(Architecture.X86_64);
      case "aarch64" -> Optional.of(Architecture.AARCH64);
      case "riscv64" -> Optional.of(Architecture.RISCV64);
      default -> Optional.empty();
    };
  }

  /// The value of QEMU's `-accel`.
  String toOption() {
    return this == TCG ? "tcg,thread=multi" : name().toLowerCase(Locale.ROOT);
  }

  /// The processor that the guest should see.
  String processor(Architecture guest) {
    if (this != TCG) {
      return "host";
    }
    return switch (guest) {
      case X86_64 -> "max";
      // the architecture's own algorithm for pointer authentication costs half of the time
      case AARCH64 -> "max,pauth-impdef=on";
      // max came with QEMU 8
      case RISCV64 -> "rv64";
    };
  }

  @Override
  public String toString() {
    return name();
  }
}
