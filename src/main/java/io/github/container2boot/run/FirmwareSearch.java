package io.github.container2boot.run;

import io.github.container2boot.boot.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Finds a UEFI firmware on this machine.
///
/// Descriptors are preferred, in the order that their specification gives them: by file name,
/// whatever directory they lie in, and a file of the user's replaces one of its name that the
/// administrator or the distribution has. Where none fits, the places are tried in which
/// distributions are known to have firmware.
public final class FirmwareSearch {
  private static final List<String> DESCRIPTORS =
      List.of(
          "opt/homebrew/share/qemu/firmware",
          "usr/local/share/qemu/firmware",
          "usr/share/qemu/firmware",
          "etc/qemu/firmware");

  private final Path root;
  private final Map<String, String> environment;

  /// @param root of the file system to search
  /// @param environment of the process
  public FirmwareSearch(Path root, Map<String, String> environment) {
    this.root = root;
    this.environment = environment;
  }

  /// The first firmware that either enforces Secure Boot, or does not; of the latter the simplest.
  public Optional<Firmware> find(Architecture architecture, boolean secureBoot) {
    return Stream.concat(described(architecture), known(architecture))
        .filter(firmware -> firmware.enforcesSecureBoot() == secureBoot)
        .filter(firmware ->
            Files.isReadable(firmware.code().path())
                && Files.isReadable(firmware.variables().path()))
        // System Management Mode only protects Secure Boot's keys, and not every machine has it
        .sorted(Comparator.comparing(firmware -> !secureBoot && firmware.needsSystemManagement()))
        .findFirst();
  }

  private Stream<Firmware> described(Architecture architecture) {
    SortedMap<String, Path> files = new TreeMap<>();
    descriptorDirectories().forEach(directory -> collect(directory, files));
    return files.values().stream()
        .map(FirmwareSearch::descriptor)
        .flatMap(Optional::stream)
        .map(descriptor -> descriptor.firmwareFor(architecture))
        .flatMap(Optional::stream)
        .map(this::inRoot);
  }

  private List<Path> descriptorDirectories() {
    List<Path> directories = new ArrayList<>(DESCRIPTORS.stream().map(root::resolve).toList());
    Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
        .map(Path::of)
        .filter(Path::isAbsolute)
        .or(() ->
            Optional.ofNullable(environment.get("HOME")).map(home -> Path.of(home, ".config")))
        .ifPresent(configuration -> directories.add(configuration.resolve("qemu/firmware")));
    return directories;
  }

  private static void collect(Path directory, Map<String, Path> files) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      entries
          .filter(path -> path.toString().endsWith(".json"))
          .forEach(path -> files.put(String.valueOf(path.getFileName()), path));
    } catch (IOException unreadable) {
      // as if it were not there
    }
  }

  private static Optional<FirmwareDescriptor> descriptor(Path file) {
    try {
      return FirmwareDescriptor.read(file);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /// Descriptors name files by absolute paths.
  private Firmware inRoot(Firmware firmware) {
    return new Firmware(
        inRoot(firmware.code()),
        inRoot(firmware.variables()),
        firmware.enforcesSecureBoot(),
        firmware.needsSystemManagement());
  }

  private Firmware.FlashImage inRoot(Firmware.FlashImage image) {
    String path = image.path().toString();
    return new Firmware.FlashImage(
        path.startsWith("/") ? root.resolve(path.substring(1)) : image.path(), image.format());
  }

  private Stream<Firmware> known(Architecture architecture) {
    return places(architecture).stream().map(place -> place.in(root));
  }

  private static List<Place> places(Architecture architecture) {
    return switch (architecture) {
      case X86_64 -> X86_64;
      case AARCH64 -> AARCH64;
      case RISCV64 -> RISCV64;
    };
  }

  /// A directory and the names of two files in it.
  private record Place(String directory, String code, String variables, boolean secure) {
    Firmware in(Path root) {
      Path here = root.resolve(directory);
      return new Firmware(
          Firmware.FlashImage.of(here.resolve(code)),
          Firmware.FlashImage.of(here.resolve(variables)),
          secure,
          // builds for Secure Boot on x86 protect their variables by it; other machines have none
          secure && !code.startsWith("AAVMF"));
    }
  }

  private static Place plain(String directory, String code, String variables) {
    return new Place(directory, code, variables, false);
  }

  private static Place enforcing(String directory, String code, String variables) {
    return new Place(directory, code, variables, true);
  }

  /// Debian and Ubuntu, Fedora and its relatives, openSUSE, Arch, and QEMU's own.
  private static final List<Place> X86_64 =
      List.of(
          enforcing("usr/share/OVMF", "OVMF_CODE_4M.ms.fd", "OVMF_VARS_4M.ms.fd"),
          enforcing("usr/share/OVMF", "OVMF_CODE_4M.secboot.fd", "OVMF_VARS_4M.ms.fd"),
          enforcing("usr/share/OVMF", "OVMF_CODE.secboot.fd", "OVMF_VARS.ms.fd"),
          enforcing(
              "usr/share/edk2/ovmf", "OVMF_CODE_4M.secboot.qcow2", "OVMF_VARS_4M.secboot.qcow2"),
          enforcing("usr/share/edk2/ovmf", "OVMF_CODE.secboot.fd", "OVMF_VARS.secboot.fd"),
          enforcing("usr/share/qemu", "ovmf-x86_64-smm-ms-code.bin", "ovmf-x86_64-smm-ms-vars.bin"),
          plain("usr/share/OVMF", "OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"),
          plain("usr/share/OVMF", "OVMF_CODE.fd", "OVMF_VARS.fd"),
          plain("usr/share/edk2/ovmf", "OVMF_CODE_4M.qcow2", "OVMF_VARS_4M.qcow2"),
          plain("usr/share/edk2/ovmf", "OVMF_CODE.fd", "OVMF_VARS.fd"),
          plain("usr/share/qemu", "ovmf-x86_64-code.bin", "ovmf-x86_64-vars.bin"),
          plain("usr/share/edk2/x64", "OVMF_CODE.4m.fd", "OVMF_VARS.4m.fd"),
          plain("usr/share/edk2/x64", "OVMF_CODE.fd", "OVMF_VARS.fd"),
          plain("usr/share/edk2-ovmf/x64", "OVMF_CODE.fd", "OVMF_VARS.fd"),
          plain("usr/share/qemu", "edk2-x86_64-code.fd", "edk2-i386-vars.fd"),
          plain("opt/homebrew/share/qemu", "edk2-x86_64-code.fd", "edk2-i386-vars.fd"),
          plain("usr/local/share/qemu", "edk2-x86_64-code.fd", "edk2-i386-vars.fd"));

  private static final List<Place> AARCH64 =
      List.of(
          enforcing("usr/share/AAVMF", "AAVMF_CODE.ms.fd", "AAVMF_VARS.ms.fd"),
          plain("usr/share/AAVMF", "AAVMF_CODE.no-secboot.fd", "AAVMF_VARS.fd"),
          plain("usr/share/AAVMF", "AAVMF_CODE.fd", "AAVMF_VARS.fd"),
          plain(
              "usr/share/edk2/aarch64",
              "QEMU_EFI-silent-pflash.qcow2",
              "vars-template-pflash.qcow2"),
          plain("usr/share/edk2/aarch64", "QEMU_EFI-silent-pflash.raw", "vars-template-pflash.raw"),
          plain("usr/share/qemu", "aavmf-aarch64-code.bin", "aavmf-aarch64-vars.bin"),
          plain("usr/share/edk2/aarch64", "QEMU_CODE.fd", "QEMU_VARS.fd"),
          plain("usr/share/qemu", "edk2-aarch64-code.fd", "edk2-arm-vars.fd"),
          plain("opt/homebrew/share/qemu", "edk2-aarch64-code.fd", "edk2-arm-vars.fd"),
          plain("usr/local/share/qemu", "edk2-aarch64-code.fd", "edk2-arm-vars.fd"));

  private static final List<Place> RISCV64 =
      List.of(
          plain("usr/share/qemu-efi-riscv64", "RISCV_VIRT_CODE.fd", "RISCV_VIRT_VARS.fd"),
          plain("usr/share/edk2/riscv", "RISCV_VIRT_CODE.qcow2", "RISCV_VIRT_VARS.qcow2"),
          plain("usr/share/edk2/riscv", "RISCV_VIRT_CODE.fd", "RISCV_VIRT_VARS.fd"),
          plain("usr/share/qemu", "edk2-riscv-code.fd", "edk2-riscv-vars.fd"),
          plain("opt/homebrew/share/qemu", "edk2-riscv-code.fd", "edk2-riscv-vars.fd"),
          plain("usr/local/share/qemu", "edk2-riscv-code.fd", "edk2-riscv-vars.fd"));
}
