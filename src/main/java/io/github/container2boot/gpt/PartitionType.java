package io.github.container2boot.gpt;

import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/// What a partition is for: EFI's system partition (UEFI Specification, section 5.3.3) and the
/// types of Linux (UAPI Group, Discoverable Partitions Specification).
public enum PartitionType {
  EFI_SYSTEM("C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "EFI system partition", ""),
  LINUX_FILE_SYSTEM_DATA("0FC63DAF-8483-4772-8E79-3D69D8477DE4", "Linux file system data", ""),
  LINUX_ROOT_X86("44479540-F297-41B2-9AF7-D131D5F0458A", "Linux root (x86)", "386"),
  LINUX_ROOT_X86_64("4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709", "Linux root (x86-64)", "amd64"),
  LINUX_ROOT_ARM("69DAD710-2CE4-4E3C-B16C-21A1D49ABED3", "Linux root (ARM)", "arm"),
  LINUX_ROOT_ARM64("B921B045-1DF0-41C3-AF44-4C6F280D3FAE", "Linux root (ARM64)", "arm64"),
  LINUX_ROOT_RISCV64("72EC70A6-CF74-40E6-BD49-4BDA08E8F224", "Linux root (RISC-V 64)", "riscv64"),
  LINUX_ROOT_LOONGARCH64(
      "77055800-792C-4F94-B39A-98C91B762BB6", "Linux root (LoongArch64)", "loong64"),
  LINUX_ROOT_PPC64_LE("C31C45E6-3F39-412E-80FB-4809C4980599", "Linux root (PPC64 LE)", "ppc64le"),
  LINUX_ROOT_S390X("5EEAD9A9-FE09-4A1E-A1D7-520D00531306", "Linux root (s390x)", "s390x");

  private final UUID uuid;
  private final String title;
  private final String architecture;

  PartitionType(String guid, String title, String architecture) {
    this.uuid = UUID.fromString(guid);
    this.title = title;
    this.architecture = architecture;
  }

  public Guid guid() {
    return new Guid(uuid);
  }

  /// The type in words.
  public String title() {
    return title;
  }

  /// The type that `guid` stands for, if it is one of these.
  public static Optional<PartitionType> of(Guid guid) {
    return Arrays.stream(values()).filter(type -> type.guid().equals(guid)).findFirst();
  }

  /// The type of a root file system for `architecture`, named as in an OCI platform (`amd64`,
  /// `arm64`); where the specification has none, plain Linux data.
  public static PartitionType linuxRoot(String architecture) {
    return Arrays.stream(values())
        .filter(type -> !type.architecture.isEmpty() && type.architecture.equals(architecture))
        .findFirst()
        .orElse(LINUX_FILE_SYSTEM_DATA);
  }
}
