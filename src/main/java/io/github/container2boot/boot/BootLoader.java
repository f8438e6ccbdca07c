package io.github.container2boot.boot;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What loads the kernel, as the distribution ships and signs it.
public sealed interface BootLoader {
  Architecture architecture();

  /// All programs of it that go on the medium, the one the firmware starts first.
  List<EfiProgram> programs();

  /// shim, which the firmware trusts, and GRUB, which shim trusts.
  ///
  /// @param vendorDirectory the directory below `EFI` that is the distribution's: `debian`
  /// @param secondStage the name under which shim loads GRUB: `grubx64.efi`, openSUSE's `grub.efi`
  /// @param mokManager enrolls keys; shim starts it under its own name
  /// @param networkGrub the GRUB that fetches from servers, where it is another program
  /// @param fallback shim's fallback loader, which writes boot entries into NVRAM
  /// @param fallbackEntries the list it reads, `BOOTX64.CSV`
  record ShimAndGrub(
      Architecture architecture,
      String vendorDirectory,
      EfiProgram shim,
      EfiProgram grub,
      String secondStage,
      Optional<Companion> mokManager,
      Optional<EfiProgram> networkGrub,
      Optional<Companion> fallback,
      Optional<Content> fallbackEntries)
      implements BootLoader {
    @Override
    public List<EfiProgram> programs() {
      return Stream.concat(Stream.of(shim, grub), mokManager.map(Companion::program).stream())
          .toList();
    }
  }

  /// A program shim starts, and the name it has for it.
  record Companion(String name, EfiProgram program) {}

  /// GRUB alone, started by the firmware.
  ///
  /// @param networkGrub the GRUB that fetches from servers, where it is another program
  record Grub(
      Architecture architecture,
      String vendorDirectory,
      EfiProgram grub,
      Optional<EfiProgram> networkGrub)
      implements BootLoader {
    @Override
    public List<EfiProgram> programs() {
      return List.of(grub);
    }
  }

  /// systemd-boot, for distributions that ship no GRUB image (Arch, Alpine).
  record SystemdBoot(Architecture architecture, EfiProgram loader) implements BootLoader {
    @Override
    public List<EfiProgram> programs() {
      return List.of(loader);
    }
  }

  /// Finds what a root file system has for machines of `architecture`.
  ///
  /// @throws BootException with [BootProblem.NoBootLoader], or [BootProblem.WrongArchitecture] if a
  ///   file with the right name is for another processor
  static BootLoader find(FileTree root, Architecture architecture, OsRelease release)
      throws IOException, BootException {
    return BootLoaders.find(root, architecture, release);
  }

  /// Where the program the firmware starts lies in the root file system.
  default TreePath path() {
    return programs().getFirst().path();
  }
}
