package io.github.container2boot.install;

import io.github.container2boot.build.BuildException;
import io.github.container2boot.build.BuildPlan;
import io.github.container2boot.build.DiskSize;
import io.github.container2boot.build.EspDisk;
import io.github.container2boot.build.OutputException;
import io.github.container2boot.build.Progress;
import io.github.container2boot.build.WriteProblems;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.fat.FatException;
import io.github.container2boot.fat.FatImage;
import io.github.container2boot.gpt.GptException;
import io.github.container2boot.gpt.GptImage;
import io.github.container2boot.gpt.GrownDisk;
import io.github.container2boot.gpt.PartitionType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;

/// Writes a disk image over a whole device.
///
/// Needs permission to write there and nothing more. The tables are zeroed first and written last,
/// that at the beginning as the very last: a device that was pulled has no partitions, rather than
/// some that hold half of what they should.
///
/// Holes of the image are written as zeros, since a device holds what was there before; but for
/// two, where what was there does no harm: behind the last partition, and in the part of a FAT file
/// system behind its last cluster in use.
public final class DeviceInstaller {
  /// What is written and compared at once.
  private static final int PIECE_BYTES = 4 << 20;

  private static final long PAGE_BYTES = 4096;

  /// For systems whose root is found otherwise.
  private static final String USUAL_LABEL = "C2BOOT";

  private final BlockDevice device;
  private final Progress progress;

  public DeviceInstaller(BlockDevice device, Progress progress) {
    this.device = device;
    this.progress = progress;
  }

  /// Describes a device of this machine.
  public static BlockDevice describe(Path path) throws IOException {
    return BlockDevices.ofThisMachine().describe(path);
  }

  public static boolean isBlockDevice(Path path) throws IOException {
    return BlockDevices.isBlockDevice(path);
  }

  /// The disk that `source` is, or that its files make, which then fill the device.
  ///
  /// @throws InstallException if they make none, or none that fits
  public Content image(InstallSource source) throws IOException, BuildException, FatException {
    return switch (source) {
      case InstallSource.DiskImage image -> image.content();
      case InstallSource.EspDirectory esp -> made(esp);
    };
  }

  private Content made(InstallSource.EspDirectory esp)
      throws IOException, BuildException, FatException {
    String label = NewSystem.of(esp, progress).partitionLabel().orElse(USUAL_LABEL);
    BuildPlan.DiskSettings settings =
        new BuildPlan.DiskSettings(
            new DiskSize.Exactly(device.sizeBytes()), device.sectorSizeBytes(), label);
    try {
      return EspDisk.of(esp.path(), esp.files(), settings).content();
    } catch (GptException unfit) {
      throw unfit(unfit.problem().message(), unfit);
    } catch (FatException unfit) {
      if (unfit.problem() instanceof FatException.VolumeTooSmall tooSmall) {
        throw unfit(tooSmall.message(), unfit);
      }
      throw unfit;
    }
  }

  private InstallException unfit(String reason, Exception cause) {
    return new InstallException(new InstallException.DeviceUnfit(device.path(), reason), cause);
  }

  /// Decides what will be written; nothing is yet.
  ///
  /// @throws InstallException if the device is unfit for it
  public GrownDisk plan(Content image) throws IOException {
    int sectorSizeBytes = GptImage.read(image).sectorSizeBytes();
    if (sectorSizeBytes != device.sectorSizeBytes()) {
      throw new InstallException(
          new InstallException.DeviceUnfit(
              device.path(),
              "has sectors of %d bytes, the image is made for %d"
                  .formatted(device.sectorSizeBytes(), sectorSizeBytes)));
    }
    return grown(image);
  }

  /// Requires that nobody needs the device.
  ///
  /// @param force whether it may be one that stays in its machine
  /// @throws InstallException if it is in use, or part of the machine
  public void requireFree(boolean force) throws InstallException {
    if (!device.uses().isEmpty()) {
      throw new InstallException(
          new InstallException.InUse(device.path(), device.uses().getFirst()));
    }
    if (!device.removable() && !force) {
      throw new InstallException(
          new InstallException.NotRemovable(device.path(), device.model(), device.sizeBytes()));
    }
  }

  private GrownDisk grown(Content image) throws IOException {
    try {
      return GrownDisk.of(image, device.sizeBytes());
    } catch (GptException tooSmall) {
      throw unfit(tooSmall.problem().message(), tooSmall);
    }
  }

  /// Writes the disk, and reads it back.
  ///
  /// @return how many bytes were written
  public long install(GrownDisk disk) throws IOException {
    List<Extent> extents = extents(disk);
    long total =
        extents.stream().mapToLong(Extent::sizeBytes).sum()
            + disk.beginning().sizeBytes()
            + disk.end().sizeBytes();
    try (LinuxCalls.Claim _ = claim();
        FileChannel channel = onDevice(this::open)) {
      try (Progress.Stage stage = progress.begin("Writing and reading back", 2 * total)) {
        write(channel, disk, extents, stage::advance);
        compare(channel, disk, extents, stage::advance);
        stage.finish();
      }
    }
    return total;
  }

  private LinuxCalls.Claim claim() throws IOException {
    try {
      return LinuxCalls.Claim.of(device.path());
    } catch (LinuxCalls.ClaimFailed refused) {
      if (refused.isBusy()) {
        throw new InstallException(
            new InstallException.InUse(device.path(), "in use by the system"));
      }
      // What else is wrong, opening it says better.
      return LinuxCalls.Claim.none();
    }
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(device.path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /// A part of the device and what goes there.
  private record Extent(long offsetBytes, Content content) {
    long sizeBytes() {
      return content.sizeBytes();
    }
  }

  /// All but the tables.
  private static List<Extent> extents(GrownDisk disk) throws IOException {
    long begin = disk.beginning().sizeBytes();
    long end = begin + disk.partitions().sizeBytes();
    List<Extent> extents = new ArrayList<>();
    long offset = begin;
    for (Range free : freeSpace(disk)) {
      extents.add(extent(disk, offset, free.offsetBytes()));
      offset = free.endBytes();
    }
    extents.add(extent(disk, offset, end));
    extents.removeIf(extent -> extent.sizeBytes() == 0);
    return extents;
  }

  private static Extent extent(GrownDisk disk, long offsetBytes, long endBytes) {
    long begin = offsetBytes - disk.beginning().sizeBytes();
    return new Extent(offsetBytes, disk.partitions().slice(begin, endBytes - offsetBytes));
  }

  private record Range(long offsetBytes, long endBytes) {}

  /// The ends of FAT file systems that no file has anything in, in their order on the disk.
  private static List<Range> freeSpace(GrownDisk disk) throws IOException {
    GptImage image = GptImage.read(disk.content());
    List<Range> free = new ArrayList<>();
    for (GptImage.Located partition : image.partitions()) {
      if (partition.entry().type().equals(PartitionType.EFI_SYSTEM.guid())) {
        long begin = partition.entry().firstSector() * image.sectorSizeBytes();
        long used = FatImage.read(partition.content()).endOfUseBytes();
        long end = begin + partition.content().sizeBytes();
        long from = Math.min(end, Math.ceilDiv(begin + used, PAGE_BYTES) * PAGE_BYTES);
        free.add(new Range(from, end));
      }
    }
    free.sort(Comparator.comparingLong(Range::offsetBytes));
    return free;
  }

  private void write(FileChannel channel, GrownDisk disk, List<Extent> extents, LongConsumer meter)
      throws IOException {
    Extent beginning = new Extent(0, disk.beginning());
    Extent end = new Extent(disk.sizeBytes() - disk.end().sizeBytes(), disk.end());
    write(channel, zeros(beginning), _ -> {});
    write(channel, zeros(end), _ -> {});
    synchronise(channel);
    for (Extent extent : extents) {
      write(channel, extent, meter);
    }
    synchronise(channel);
    write(channel, end, meter);
    synchronise(channel);
    write(channel, beginning, meter);
    synchronise(channel);
  }

  private static Extent zeros(Extent extent) {
    return new Extent(extent.offsetBytes(), Content.hole(extent.sizeBytes()));
  }

  private void synchronise(FileChannel channel) throws IOException {
    onDevice(() -> {
      channel.force(true);
      return channel;
    });
  }

  private void write(FileChannel channel, Extent extent, LongConsumer meter) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
    for (long done = 0; done < extent.sizeBytes(); done += piece.limit()) {
      read(extent, done, piece);
      long offset = extent.offsetBytes() + done;
      onDevice(() -> {
        while (piece.hasRemaining()) {
          channel.write(piece, offset + piece.position());
        }
        return channel;
      });
      meter.accept(piece.limit());
    }
  }

  private static void read(Extent extent, long offsetBytes, ByteBuffer piece) throws IOException {
    piece.clear().limit((int) Math.min(PIECE_BYTES, extent.sizeBytes() - offsetBytes));
    extent.content().read(offsetBytes, piece);
    piece.flip();
  }

  private void compare(
      FileChannel channel, GrownDisk disk, List<Extent> extents, LongConsumer meter)
      throws IOException {
    if (!LinuxCalls.forget(device.path())) {
      progress.note("What is read back may come from the memory of the system, not the medium");
    }
    List<Extent> all = new ArrayList<>(extents);
    all.add(new Extent(0, disk.beginning()));
    all.add(new Extent(disk.sizeBytes() - disk.end().sizeBytes(), disk.end()));
    for (Extent extent : all) {
      compare(channel, extent, meter);
    }
  }

  private void compare(FileChannel channel, Extent extent, LongConsumer meter) throws IOException {
    Content found = Content.ofFile(channel, extent.offsetBytes(), extent.sizeBytes());
    ByteBuffer expected = ByteBuffer.allocateDirect(PIECE_BYTES);
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
    for (long done = 0; done < extent.sizeBytes(); done += piece.limit()) {
      read(extent, done, expected);
      piece.clear().limit(expected.limit());
      found.read(done, piece);
      if (!piece.flip().equals(expected)) {
        throw new InstallException(new InstallException.NotAsWritten(device.path()));
      }
      meter.accept(piece.limit());
    }
  }

  private <T> T onDevice(OnDevice<T> action) throws InstallException {
    try {
      return action.run();
    } catch (IOException failed) {
      OutputException explained = WriteProblems.explained(device.path(), failed);
      throw new InstallException(new InstallException.NotWritten(explained.problem()), failed);
    }
  }

  private interface OnDevice<T> {
    T run() throws IOException;
  }
}
