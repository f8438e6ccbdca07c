package io.github.container2boot.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A machine with one stick, as Linux would tell of it.
class BlockDevicesTest {
  private static final Path STICK = Path.of("/dev/sdb");

  @TempDir private Path directory;

  private BlockDevices devices;

  @BeforeEach
  void plugIn() throws IOException {
    devices = new BlockDevices(directory.resolve("sys"), directory.resolve("proc"));
    put("sys/devices/usb1/block/sdb/dev", "8:16\n");
    put("sys/devices/usb1/block/sdb/size", "131072\n");
    put("sys/devices/usb1/block/sdb/removable", "1\n");
    put("sys/devices/usb1/block/sdb/queue/logical_block_size", "512\n");
    put("sys/devices/usb1/block/sdb/device/vendor", "SanDisk \n");
    put("sys/devices/usb1/block/sdb/device/model", "Ultra           \n");
    put("sys/devices/usb1/block/sdb/sdb1/dev", "8:17\n");
    put("sys/devices/usb1/block/sdb/sdb1/partition", "1\n");
    put("proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
    put("proc/swaps", "Filename Type Size Used Priority\n");
    Path links = Files.createDirectories(directory.resolve("sys/dev/block"));
    Files.createSymbolicLink(links.resolve("8:16"), Path.of("../../devices/usb1/block/sdb"));
    Files.createSymbolicLink(links.resolve("8:17"), Path.of("../../devices/usb1/block/sdb/sdb1"));
  }

  private void put(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private BlockDevice stick() throws IOException {
    return devices.describe(STICK, "8:16");
  }

  @Test
  void describesAStick() throws IOException {
    assertThat(stick())
        .isEqualTo(
            new BlockDevice(STICK, "SanDisk Ultra", 64 << 20, 512, true, java.util.List.of()));
  }

  @Test
  void aDiskInAUsbCaseIsRemovable() throws IOException {
    put("sys/devices/usb1/block/sdb/removable", "0\n");
    assertThat(stick().removable()).isTrue();
  }

  @Test
  void aDiskInTheMachineIsNot() throws IOException {
    put("sys/devices/ata1/block/sda/removable", "0\n");
    put("sys/devices/ata1/block/sda/dev", "8:0\n");
    put("sys/devices/ata1/block/sda/size", "131072\n");
    put("sys/devices/ata1/block/sda/queue/logical_block_size", "512\n");
    Files.createSymbolicLink(
        directory.resolve("sys/dev/block/8:0"), Path.of("../../devices/ata1/block/sda"));
    assertThat(devices.describe(Path.of("/dev/sda"), "8:0").removable()).isFalse();
  }

  @Test
  void aMountedPartitionIsAUse() throws IOException {
    put("proc/self/mountinfo", "40 22 8:17 / /media/my\\040stick rw - vfat /dev/sdb1 rw\n");
    assertThat(stick().uses()).containsExactly("mounted at /media/my stick");
  }

  @Test
  void swapIsAUse() throws IOException {
    put("proc/swaps", "Filename Type\n/dev/sdb1   partition 1 0 -2\n");
    assertThat(stick().uses()).containsExactly("used for swap");
  }

  @Test
  void whatLiesOnTopIsAUse() throws IOException {
    put("sys/devices/usb1/block/sdb/sdb1/holders/dm-0/dev", "254:0\n");
    assertThat(stick().uses()).containsExactly("part of dm-0");
  }

  @Test
  void aPartitionIsNoDevice() {
    assertThatThrownBy(() -> devices.describe(Path.of("/dev/sdb1"), "8:17"))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("found a partition");
  }
}
