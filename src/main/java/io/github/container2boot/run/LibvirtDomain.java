package io.github.container2boot.run;

import io.github.container2boot.boot.Architecture;
import java.nio.file.Path;
import java.util.List;

/// The same machine as libvirt has it, for `virsh define`.
///
/// Firmware is named by its files, not left to libvirt's choice: it is the one that was found to
/// fit the disk. Libvirt makes the variables of the domain from the template when it first starts
/// it.
///
/// @param name of the domain
/// @param disk what `machine` boots
public record LibvirtDomain(String name, VirtualMachine machine, VirtualMachine.FromDisk disk) {
  /// The domain as XML.
  public String toXml() {
    return """
    <domain type='%s'>
      <name>%s</name>
      <memory unit='MiB'>%d</memory>
      <vcpu>%d</vcpu>
      <os>
        <type arch='%s' machine='%s'>hvm</type>
        <loader readonly='yes' secure='%s' type='pflash'%s>%s</loader>
        <nvram template='%s'%s/>
      </os>
      <features>
        <acpi/>
    %s  </features>
      %s
      <devices>
    %s%s    <rng model='virtio'>
          <backend model='random'>/dev/urandom</backend>
        </rng>
        <serial type='pty'/>
        <console type='pty'/>
        <video>
          <model type='virtio'/>
        </video>
        <graphics type='vnc'/>
      </devices>
    </domain>
    """
        .formatted(
            type(),
            text(name),
            machine.memoryMebibytes(),
            machine.processors(),
            machine.architecture(),
            machine.board(),
            yesOrNo(disk.firmware().needsSystemManagement()),
            codeFormat(),
            text(disk.firmware().code().path()),
            text(disk.firmware().variables().path()),
            variablesFormat(),
            disk.firmware().needsSystemManagement() ? "    <smm state='on'/>\n" : "",
            processor(),
            diskElement(),
            network());
  }

  private String type() {
    return switch (machine.accelerator()) {
      case KVM -> "kvm";
      case HVF -> "hvf";
      case TCG -> "qemu";
    };
  }

  /// Formats other than raw came with libvirt 9.2, those of templates with 10.10.
  private String codeFormat() {
    String format = disk.firmware().code().format();
    return format.equals("raw") ? "" : " format='%s'".formatted(format);
  }

  private String variablesFormat() {
    String format = disk.firmware().variables().format();
    return format.equals("raw") ? "" : " templateFormat='%1$s' format='%1$s'".formatted(format);
  }

  private String processor() {
    if (machine.accelerator() != Accelerator.TCG) {
      return "<cpu mode='host-passthrough'/>";
    }
    return machine.architecture() == Architecture.RISCV64 ? "" : "<cpu mode='maximum'/>";
  }

  /// A transient disk forgets what was written when the machine is switched off.
  private String diskElement() {
    String sectors =
        disk.sectorSizeBytes() == 512
            ? ""
            : "      <blockio logical_block_size='%1$d' physical_block_size='%1$d'/>\n"
                .formatted(disk.sectorSizeBytes());
    return """
        <disk type='file' device='disk'>
          <driver name='qemu' type='raw'/>
          <source file='%s'/>
          <target dev='vda' bus='virtio'/>
    %s      <boot order='1'/>
    %s    </disk>
    """
        .formatted(
            text(disk.path().toAbsolutePath().normalize()),
            sectors,
            disk.persist() ? "" : "      <transient/>\n");
  }

  /// Forwarding ports of a user's network takes libvirt 9 and passt.
  private String network() {
    if (machine.ports().isEmpty()) {
      return """
          <interface type='user'>
            <model type='virtio'/>
          </interface>
      """;
    }
    StringBuilder ranges = new StringBuilder();
    machine
        .ports()
        .forEach(port ->
            ranges.append(
                "        <range start='%d' to='%d'/>\n"
                    .formatted(port.hostPort(), port.guestPort())));
    return """
        <interface type='user'>
          <backend type='passt'/>
          <model type='virtio'/>
          <portForward proto='tcp' address='127.0.0.1'>
    %s      </portForward>
        </interface>
    """
        .formatted(ranges);
  }

  /// A line for virt-install that makes a machine like it.
  public List<String> virtInstall() {
    String transience = disk.persist() ? "" : ",transient=yes";
    String sectors =
        disk.sectorSizeBytes() == 512
            ? ""
            : ",blockio.logical_block_size=%1$d,blockio.physical_block_size=%1$d"
                .formatted(disk.sectorSizeBytes());
    String image = disk.path().toAbsolutePath().normalize().toString().replace(",", ",,");
    return List.of(
        "virt-install",
        "--import",
        "--name",
        name,
        "--arch",
        machine.architecture().toString(),
        "--memory",
        String.valueOf(machine.memoryMebibytes()),
        "--vcpus",
        String.valueOf(machine.processors()),
        "--osinfo",
        "detect=on,require=off",
        "--boot",
        "uefi,firmware.feature0.name=enrolled-keys,firmware.feature0.enabled="
            + yesOrNo(disk.firmware().enforcesSecureBoot()),
        "--disk",
        "path=%s,format=raw,bus=virtio%s%s".formatted(image, transience, sectors));
  }

  private static String yesOrNo(boolean value) {
    return value ? "yes" : "no";
  }

  private static String text(Path path) {
    return text(path.toString());
  }

  private static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&apos;")
        .replace("\"", "&quot;");
  }
}
