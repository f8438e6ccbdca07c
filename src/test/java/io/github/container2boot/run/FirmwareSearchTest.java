package io.github.container2boot.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.boot.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirmwareSearchTest {
  private static final String DESCRIPTORS = "usr/share/qemu/firmware/";

  @TempDir Path root;

  private Optional<Firmware> find(Architecture architecture, boolean secureBoot) {
    return new FirmwareSearch(root, Map.of("HOME", root.resolve("home").toString()))
        .find(architecture, secureBoot);
  }

  private Path file(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "");
  }

  private void describe(String path, String code, String variables, String... features)
      throws IOException {
    Files.writeString(file(path), descriptor(code, variables, "pc-q35-*", "x86_64", features));
  }

  private static String descriptor(
      String code, String variables, String machine, String architecture, String... features) {
    return """
    {"description": "test", "interface-types": ["uefi"],
     "mapping": {"device": "flash",
       "executable": {"filename": "/%s", "format": "raw"},
       "nvram-template": {"filename": "/%s", "format": "qcow2"}},
     "targets": [{"architecture": "%s", "machines": ["%s"]}],
     "features": [%s], "tags": []}
    """
        .formatted(
            code,
            variables,
            architecture,
            machine,
            List.of(features).stream()
                .map(feature -> '"' + feature + '"')
                .collect(Collectors.joining(", ")));
  }

  @ParameterizedTest
  @CsvSource({
    "X86_64, true, usr/share/OVMF/OVMF_CODE_4M.secboot.fd, usr/share/OVMF/OVMF_VARS_4M.ms.fd",
    "X86_64, false, usr/share/OVMF/OVMF_CODE_4M.fd, usr/share/OVMF/OVMF_VARS_4M.fd",
    "X86_64, true, usr/share/edk2/ovmf/OVMF_CODE.secboot.fd, usr/share/edk2/ovmf/OVMF_VARS.secboot.fd",
    "X86_64, false, usr/share/edk2/x64/OVMF_CODE.4m.fd, usr/share/edk2/x64/OVMF_VARS.4m.fd",
    "X86_64, true, usr/share/qemu/ovmf-x86_64-smm-ms-code.bin, usr/share/qemu/ovmf-x86_64-smm-ms-vars.bin",
    "X86_64, false, opt/homebrew/share/qemu/edk2-x86_64-code.fd, opt/homebrew/share/qemu/edk2-i386-vars.fd",
    "AARCH64, true, usr/share/AAVMF/AAVMF_CODE.ms.fd, usr/share/AAVMF/AAVMF_VARS.ms.fd",
    "AARCH64, false, usr/share/AAVMF/AAVMF_CODE.fd, usr/share/AAVMF/AAVMF_VARS.fd",
    "RISCV64, false, usr/share/qemu-efi-riscv64/RISCV_VIRT_CODE.fd, usr/share/qemu-efi-riscv64/RISCV_VIRT_VARS.fd"
  })
  void whereDistributionsPutIt(
      Architecture architecture, boolean secureBoot, String code, String variables)
      throws IOException {
    assertThat(find(architecture, secureBoot)).isEmpty();
    Path first = file(code);
    assertThat(find(architecture, secureBoot)).as("without variables").isEmpty();
    Path second = file(variables);
    Firmware found = find(architecture, secureBoot).orElseThrow();
    assertThat(found.code()).isEqualTo(new Firmware.FlashImage(first, "raw"));
    assertThat(found.variables()).isEqualTo(new Firmware.FlashImage(second, "raw"));
    assertThat(found.needsSystemManagement())
        .isEqualTo(secureBoot && architecture == Architecture.X86_64);
    assertThat(find(architecture, !secureBoot)).isEmpty();
  }

  @Test
  void descriptorsComeFirstInTheOrderOfTheirNames() throws IOException {
    file("usr/share/OVMF/OVMF_CODE_4M.fd");
    file("usr/share/OVMF/OVMF_VARS_4M.fd");
    for (String name : List.of("a", "b", "vars")) {
      file("firmware/" + name);
    }
    describe(DESCRIPTORS + "60-b.json", "firmware/b", "firmware/vars");
    assertThat(find(Architecture.X86_64, false).orElseThrow().code().path())
        .isEqualTo(root.resolve("firmware/b"));
    describe("home/.config/qemu/firmware/50-a.json", "firmware/a", "firmware/vars");
    assertThat(find(Architecture.X86_64, false))
        .contains(
            new Firmware(
                new Firmware.FlashImage(root.resolve("firmware/a"), "raw"),
                new Firmware.FlashImage(root.resolve("firmware/vars"), "qcow2"),
                false,
                false));
    Files.writeString(file("etc/qemu/firmware/60-b.json"), "");
    Files.delete(root.resolve("home/.config/qemu/firmware/50-a.json"));
    assertThat(find(Architecture.X86_64, false).orElseThrow().code().path())
        .as("an empty file hides the one of its name")
        .isEqualTo(root.resolve("usr/share/OVMF/OVMF_CODE_4M.fd"));
  }

  @Test
  void featuresDecide() throws IOException {
    for (String name : List.of("keys", "empty", "vars")) {
      file("firmware/" + name);
    }
    describe(DESCRIPTORS + "1.json", "firmware/empty", "firmware/vars", "secure-boot");
    describe(
        DESCRIPTORS + "2.json",
        "firmware/keys",
        "firmware/vars",
        "secure-boot",
        "enrolled-keys",
        "requires-smm");
    Firmware enforcing = find(Architecture.X86_64, true).orElseThrow();
    assertThat(enforcing.code().path()).isEqualTo(root.resolve("firmware/keys"));
    assertThat(enforcing.needsSystemManagement()).isTrue();
    assertThat(find(Architecture.X86_64, false).orElseThrow().code().path())
        .isEqualTo(root.resolve("firmware/empty"));
  }

  @Test
  void whatDoesNotFitIsPassedOver() throws IOException {
    file("firmware/code");
    file("firmware/vars");
    String good = descriptor("firmware/code", "firmware/vars", "pc-q35-*", "x86_64");
    for (String bad :
        List.of(
            "",
            "[]",
            "{",
            "{}",
            good.replace("pc-q35-*", "pc-i440fx-*"),
            good.replace("\"x86_64\"", "\"aarch64\""),
            good.replace("uefi", "bios"),
            good.replace("\"flash\"", "\"memory\""),
            good.replace("\"device\"", "\"mode\": \"stateless\", \"device\""),
            good.replace("firmware/code", "firmware/none"))) {
      Files.writeString(file(DESCRIPTORS + "1.json"), bad);
      assertThat(find(Architecture.X86_64, false)).as(bad).isEmpty();
    }
    Files.writeString(file(DESCRIPTORS + "1.json"), good);
    assertThat(find(Architecture.X86_64, false)).isPresent();
  }
}
