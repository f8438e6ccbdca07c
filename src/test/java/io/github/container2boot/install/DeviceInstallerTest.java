package io.github.container2boot.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.DiskSize;
import io.github.container2boot.build.EspDisk;
import io.github.container2boot.build.Progress;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.fat.FatImage;
import io.github.container2boot.gpt.GptImage;
import io.github.container2boot.gpt.PartitionType;
import io.github.container2boot.squashfs.Superblock;
import io.github.container2boot.testing.SparseFiles;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A file stands for the device, full of what was there before.
class DeviceInstallerTest {
  private static final int DEVICE_BYTES = 48 << 20;
  private static final byte BEFORE = (byte) 0xd5;
  private static final TestSystem SYSTEM = TestSystem.debian("1");

  @TempDir(factory = MemoryDirectory.class)
  private Path directory;

  private BlockDevice device(long sizeBytes, int sectorSizeBytes) throws IOException {
    Path path = directory.resolve("device");
    byte[] before = new byte[Math.toIntExact(sizeBytes)];
    Arrays.fill(before, BEFORE);
    Files.write(path, before);
    return new BlockDevice(path, "Test Stick", sizeBytes, sectorSizeBytes, true, List.of());
  }

  private Path esp() throws IOException {
    return withSquashfs(SYSTEM.writeTo(directory.resolve("esp")));
  }

  /// A disk takes its time from the root's superblock, so there must be one.
  private static Path withSquashfs(Path esp) throws IOException {
    try (RandomAccessFile root =
        new RandomAccessFile(esp.resolve("container2boot/squashfs.img").toFile(), "rw")) {
      root.write(superblock());
    }
    return esp;
  }

  private static byte[] superblock() {
    ByteWriter bytes = ByteWriter.littleEndian(Superblock.SIZE);
    bytes.u32(Superblock.MAGIC).u32(1).u32(TestSystem.MODIFIED.getEpochSecond());
    bytes.u32(1 << 17).u32(0).u16(1).u16(17).u16(0).u16(1).u16(4).u16(0);
    bytes.u64(0).u64(4096).u64(1024);
    return bytes.i64(-1).u64(512).u64(600).i64(-1).i64(-1).toByteArray();
  }

  private Path image(int sectorSizeBytes, DiskSize size) throws Exception {
    try (InstallSource source = InstallSource.open(esp())) {
      BuildPlan.DiskSettings settings = new BuildPlan.DiskSettings(size, sectorSizeBytes, "C2BOOT");
      Content disk = EspDisk.of(source.path(), source.files(), settings).content();
      return SparseFiles.write(disk, directory.resolve("disk.img"));
    }
  }

  private static long install(Path path, BlockDevice device) throws Exception {
    DeviceInstaller installer = new DeviceInstaller(device, Progress.unwatched());
    try (InstallSource source = InstallSource.open(path)) {
      installer.requireFree(false);
      return installer.install(installer.plan(installer.image(source)));
    }
  }

  private void requireSystem(BlockDevice device) throws IOException {
    try (FileChannel channel = FileChannel.open(device.path())) {
      GptImage disk = GptImage.read(Content.ofFile(channel, 0, channel.size()));
      assertThat(disk.damage()).isEmpty();
      assertThat(disk.find("C2BOOT")).isPresent();
      FileTree found =
          FatImage.read(disk.find(PartitionType.EFI_SYSTEM).orElseThrow().content()).tree();
      for (Map.Entry<String, byte[]> file : SYSTEM.files().entrySet()) {
        byte[] written = Files.readAllBytes(directory.resolve("esp").resolve(file.getKey()));
        assertThat(
                ((RegularFile) found.find("/" + file.getKey()).orElseThrow())
                    .content()
                    .toByteArray())
            .as(file.getKey())
            .isEqualTo(written);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void writesAnImage(int sectorSizeBytes) throws Exception {
    Path image = image(sectorSizeBytes, new DiskSize.Automatic());
    BlockDevice device = device(DEVICE_BYTES, sectorSizeBytes);
    assertThat(install(image, device)).isLessThan(Files.size(image) + 4096);
    assertThat(Files.size(device.path())).isEqualTo(DEVICE_BYTES);
    requireSystem(device);
  }

  @Test
  void freeSpaceOfTheFileSystemIsNotWritten() throws Exception {
    Path image = image(512, new DiskSize.Exactly(40 << 20));
    BlockDevice device = device(DEVICE_BYTES, 512);
    assertThat(install(image, device)).isLessThan(10 << 20);
    requireSystem(device);
    try (RandomAccessFile file = new RandomAccessFile(device.path().toFile(), "r")) {
      file.seek(30 << 20);
      assertThat(file.readByte()).isEqualTo(BEFORE);
    }
  }

  @Test
  void filesOfAnEspFillTheDevice() throws Exception {
    BlockDevice device = device(DEVICE_BYTES, 512);
    install(esp(), device);
    requireSystem(device);
    try (FileChannel channel = FileChannel.open(device.path())) {
      GptImage disk = GptImage.read(Content.ofFile(channel, 0, channel.size()));
      assertThat(disk.partitions().getFirst().content().sizeBytes()).isGreaterThan(46 << 20);
    }
  }

  @Test
  void referenceToolsFindNothingWrong() throws Exception {
    Tools.require("sgdisk", "fsck.fat", "mcopy");
    BlockDevice device = device(DEVICE_BYTES, 512);
    install(image(512, new DiskSize.Automatic()), device);
    assertThat(Tools.run("sgdisk", "-v", device.path())).contains("No problems found");
    Path volume = directory.resolve("volume");
    Tools.run("dd", "if=" + device.path(), "of=" + volume, "bs=1M", "skip=1");
    assertThat(Tools.run("fsck.fat", "-n", volume)).doesNotContain("differences", "orphan");
    Path kernel = directory.resolve("kernel");
    Tools.run("mcopy", "-i", volume, "::/container2boot/vmlinuz", kernel);
    assertThat(kernel).hasBinaryContent(SYSTEM.files().get("container2boot/vmlinuz"));
  }

  @Test
  void aSmallDeviceIsRefusedAndLeftAsItIs() throws Exception {
    Path image = image(512, new DiskSize.Automatic());
    BlockDevice device = device(2 << 20, 512);
    assertThatThrownBy(() -> install(image, device))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("device: ");
    byte[] found = Files.readAllBytes(device.path());
    assertThat(found).containsOnly(BEFORE);
  }

  @Test
  void otherSectorsAreRefused() throws Exception {
    Path image = image(512, new DiskSize.Automatic());
    BlockDevice device = device(DEVICE_BYTES, 4096);
    assertThatThrownBy(() -> install(image, device))
        .hasMessageContaining("has sectors of 4096 bytes, the image is made for 512");
  }

  @Test
  void whatIsInUseIsRefused() throws Exception {
    BlockDevice used =
        new BlockDevice(
            directory, "", DEVICE_BYTES, 512, true, List.of("mounted at /", "used for swap"));
    assertThatThrownBy(() -> new DeviceInstaller(used, Progress.unwatched()).requireFree(true))
        .hasMessage(directory + ": is mounted at /");
  }

  @Test
  void aDiskOfTheMachineNeedsForce() throws Exception {
    BlockDevice disk = new BlockDevice(directory, "Disk 3000", DEVICE_BYTES, 512, false, List.of());
    DeviceInstaller installer = new DeviceInstaller(disk, Progress.unwatched());
    assertThatThrownBy(() -> installer.requireFree(false)).hasMessageContaining("Disk 3000");
    installer.requireFree(true);
  }
}
