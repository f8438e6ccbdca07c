package io.github.container2boot.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.boot.Architecture;
import io.github.container2boot.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VirtualMachineTest {
  private static final Firmware SECURE =
      new Firmware(
          Firmware.FlashImage.of(Path.of("/fw/code.fd")),
          Firmware.FlashImage.of(Path.of("/fw/vars.qcow2")),
          true,
          true);
  private static final Firmware PLAIN =
      new Firmware(
          Firmware.FlashImage.of(Path.of("/fw/code.fd")),
          Firmware.FlashImage.of(Path.of("/fw/vars.fd")),
          false,
          false);

  @TempDir Path directory;

  private static VirtualMachine pc(
      Firmware firmware, int sectorSizeBytes, boolean persist, VirtualMachine.Screen screen) {
    return new VirtualMachine(
        Architecture.X86_64,
        Accelerator.TCG,
        new VirtualMachine.FromDisk(
            firmware, Path.of("out/a,b & 'c'.img"), sectorSizeBytes, persist),
        2048,
        3,
        List.of(new PortForward(2222, 22), new PortForward(8080, 80)),
        screen);
  }

  private static LibvirtDomain domain(String name, VirtualMachine machine) {
    return new LibvirtDomain(name, machine, (VirtualMachine.FromDisk) machine.start());
  }

  @Test
  void aKernelGivenToQemu() {
    assertThat(String.join(" ", given(Architecture.X86_64, Optional.empty()).command()))
        .isEqualTo(
            "qemu-system-x86_64 -nodefaults -machine q35 -accel tcg,thread=multi -cpu max"
                + " -m 1024M -smp 1 -kernel a,b/vmlinuz -initrd a,b/initrd.img -append quiet splash"
                + " -netdev user,id=network -device virtio-net-pci,netdev=network,romfile="
                + " -device virtio-rng-pci -display none -serial stdio -no-reboot");
    VirtualMachine arm = given(Architecture.AARCH64, Optional.of(PLAIN));
    assertThat(arm.command())
        .contains("-kernel", "if=pflash,unit=0,readonly=on,format=raw,file=/fw/code.fd");
    assertThat(arm.enforcesSecureBoot()).isFalse();
    assertThat(pc(SECURE, 512, false, new VirtualMachine.Watched()).enforcesSecureBoot()).isTrue();
  }

  private static VirtualMachine given(Architecture architecture, Optional<Firmware> firmware) {
    return new VirtualMachine(
        architecture,
        Accelerator.TCG,
        new VirtualMachine.FromKernel(
            firmware, Path.of("a,b/vmlinuz"), Path.of("a,b/initrd.img"), "quiet splash"),
        1024,
        1,
        List.of(),
        new VirtualMachine.Watched());
  }

  @Test
  void aPcThatEnforcesSecureBoot() {
    assertThat(String.join(" ", pc(SECURE, 512, false, new VirtualMachine.Watched()).command()))
        .isEqualTo(
            "qemu-system-x86_64 -nodefaults -machine q35,smm=on -accel tcg,thread=multi -cpu max"
                + " -m 2048M -smp 3 -global driver=cfi.pflash01,property=secure,value=on"
                + " -drive if=pflash,unit=0,readonly=on,format=raw,file=/fw/code.fd"
                + " -drive if=pflash,unit=1,snapshot=on,format=qcow2,file=/fw/vars.qcow2"
                + " -drive if=none,id=disk,format=raw,snapshot=on,file=out/a,,b & 'c'.img"
                + " -device virtio-blk-pci,drive=disk,bootindex=0"
                + " -netdev user,id=network,hostfwd=tcp:127.0.0.1:2222-:22,hostfwd=tcp:127.0.0.1:8080-:80"
                + " -device virtio-net-pci,netdev=network,romfile= -device virtio-rng-pci"
                + " -display none -serial stdio -no-reboot");
  }

  @Test
  void choicesOfADiskAndAScreen() {
    assertThat(pc(PLAIN, 4096, true, new VirtualMachine.Window()).command())
        .contains(
            "virtio-blk-pci,drive=disk,bootindex=0,logical_block_size=4096,physical_block_size=4096",
            "if=none,id=disk,format=raw,snapshot=off,file=out/a,,b & 'c'.img",
            "virtio-vga",
            "q35")
        .doesNotContain("none", "-global");
    assertThat(
            pc(PLAIN, 512, true, new VirtualMachine.Terminal(Optional.of(Path.of("my,log"))))
                .command())
        .contains("stdio,id=console,mux=on,signal=off,logfile=my,,log", "chardev=console");
  }

  @Test
  void otherMachines() {
    VirtualMachine arm =
        new VirtualMachine(
            Architecture.AARCH64,
            Accelerator.KVM,
            new VirtualMachine.FromDisk(PLAIN, Path.of("disk.img"), 512, false),
            4096,
            2,
            List.of(),
            new VirtualMachine.Window());
    assertThat(arm.command())
        .startsWith("qemu-system-aarch64")
        .contains("virt,gic-version=max", "kvm", "host", "virtio-gpu-pci");
    assertThat(Accelerator.TCG.processor(Architecture.AARCH64)).startsWith("max");
  }

  @Test
  void libvirtFindsItsDomainsValid() throws Exception {
    Tools.require("virt-xml-validate", "xmllint");
    Path file = directory.resolve("domain.xml");
    for (Firmware firmware : List.of(SECURE, PLAIN)) {
      for (int sectorSizeBytes : List.of(512, 4096)) {
        for (boolean persist : List.of(true, false)) {
          VirtualMachine machine =
              pc(firmware, sectorSizeBytes, persist, new VirtualMachine.Window());
          // older ones know no formats of variables
          String xml = domain("machine", machine).toXml();
          Files.writeString(file, xml.replaceAll(" (templateFormat|format)='qcow2'", ""));
          Tools.Result result = Tools.execute("virt-xml-validate", file, "domain");
          assertThat(result.exitCode()).as(result.text() + xml).isZero();
        }
      }
    }
  }

  @Test
  void aDomainIsTheSameMachine() {
    String xml = domain("m<1", pc(SECURE, 4096, false, new VirtualMachine.Window())).toXml();
    assertThat(xml)
        .startsWith("<domain type='qemu'>")
        .contains("<name>m&lt;1</name>")
        .contains("secure='yes' type='pflash'>/fw/code.fd</loader>")
        .contains("<nvram template='/fw/vars.qcow2' templateFormat='qcow2' format='qcow2'/>")
        .contains("<smm state='on'/>")
        .contains(
            "<source file='%s'/>"
                .formatted(Path.of("").toAbsolutePath() + "/out/a,b &amp; &apos;c&apos;.img"))
        .contains("logical_block_size='4096'")
        .contains("<transient/>")
        .contains("<range start='2222' to='22'/>");
    assertThat(domain("m", pc(PLAIN, 512, true, new VirtualMachine.Window())).virtInstall())
        .contains("--import", "2048")
        .noneMatch(word -> word.contains("transient") || word.contains("blockio"));
  }
}
