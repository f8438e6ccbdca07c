package io.github.container2boot.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProbeTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(
      value = Architecture.class,
      names = {"X86_64", "AARCH64"})
  void itsGuestRunsOnWhatWorks(Architecture guest) {
    Tools.require(VirtualMachine.program(guest));
    Path emulator = Tools.find(VirtualMachine.program(guest)).orElseThrow();
    assertThat(new Probe(emulator, guest, Accelerator.TCG).succeeds()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Architecture.class,
      names = {"X86_64", "AARCH64"})
  void whatDoesNotExistDoesNotWork(Architecture guest) {
    Tools.require(VirtualMachine.program(guest));
    Path emulator = Tools.find(VirtualMachine.program(guest)).orElseThrow();
    Accelerator elsewhere =
        System.getProperty("os.name").startsWith("Mac") ? Accelerator.KVM : Accelerator.HVF;
    assertThat(new Probe(emulator, guest, elsewhere).succeeds()).isFalse();
  }

  @Test
  void anEmulatorThatOnlyEndsWellHasRunNothing() throws Exception {
    Path emulator = Files.writeString(directory.resolve("qemu"), "#!/bin/sh\nexit 0\n");
    Files.setPosixFilePermissions(emulator, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(new Probe(emulator, Architecture.X86_64, Accelerator.KVM).succeeds()).isFalse();
  }
}
