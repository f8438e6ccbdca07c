package io.github.container2boot.boot;

import java.util.List;
import java.util.stream.Stream;

/// A family of distributions: what its packages are called that make a root file system bootable.
///
/// Only names; how to say it to people is not decided here.
public enum Distribution {
  DEBIAN("apt-get install -y"),
  UBUNTU("apt-get install -y"),
  FEDORA("dnf install -y"),
  SUSE("zypper --non-interactive install"),
  ARCH("pacman -S --noconfirm"),
  ALPINE("apk add"),
  OTHER("");

  /// What makes a dracut initrd that can boot a live root, run inside the image. It is the same
  /// everywhere; `--no-hostonly` because the machine that builds is not the one that boots.
  public static final String DRACUT_COMMAND =
      "dracut --no-hostonly --regenerate-all --force --add \"dmsquash-live livenet pollcdrom\"";

  private final String installCommand;

  Distribution(String installCommand) {
    this.installCommand = installCommand;
  }

  /// By ID, then by ID_LIKE.
  public static Distribution of(OsRelease release) {
    return Stream.concat(Stream.of(release.id()), release.idLike().stream())
        .map(Distribution::ofId)
        .filter(family -> family != OTHER)
        .findFirst()
        .orElse(OTHER);
  }

  /// What follows a dash is an edition: `opensuse-leap`.
  private static Distribution ofId(String id) {
    return switch (id.split("-", 2)[0]) {
      case "debian" -> DEBIAN;
      case "ubuntu" -> UBUNTU;
      case "fedora", "rhel", "centos", "almalinux", "rocky", "ol" -> FEDORA;
      case "suse", "opensuse", "sles" -> SUSE;
      case "arch", "archlinux", "archarm" -> ARCH;
      case "alpine" -> ALPINE;
      default -> OTHER;
    };
  }

  /// How packages are added inside the image: `apt-get install -y`. Empty for [#OTHER].
  public String installCommand() {
    return installCommand;
  }

  /// The packages with dracut and its live and network modules.
  public List<String> livePackages() {
    return switch (this) {
      case DEBIAN, UBUNTU -> List.of("dracut", "dracut-live", "dracut-network");
      case FEDORA -> List.of("dracut-live", "dracut-network", "dracut-squash");
      case SUSE, ARCH, ALPINE, OTHER -> List.of("dracut");
    };
  }

  /// The packages with a kernel.
  public List<String> kernelPackages(Architecture architecture) {
    return switch (this) {
      case DEBIAN -> List.of("linux-image-" + architecture.containerName());
      case UBUNTU -> List.of("linux-image-generic");
      case FEDORA -> List.of("kernel");
      case SUSE -> List.of("kernel-default");
      case ARCH -> List.of("linux");
      case ALPINE -> List.of("linux-lts");
      case OTHER -> List.of();
    };
  }

  /// The packages with boot loaders, signed where there are signed ones.
  public List<String> loaderPackages(Architecture architecture) {
    String suffix = architecture.efiSuffix();
    return switch (this) {
      case DEBIAN, UBUNTU ->
          architecture == Architecture.RISCV64
              ? List.of("systemd-boot-efi")
              : List.of("shim-signed", "grub-efi-" + architecture.containerName() + "-signed");
      case FEDORA -> List.of("shim-" + suffix, "grub2-efi-" + suffix);
      case SUSE -> List.of("shim", "grub2-" + architecture.grubPlatform());
      case ARCH -> List.of("systemd");
      case ALPINE -> List.of("systemd-boot");
      case OTHER -> List.of();
    };
  }
}
