package io.github.container2boot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.boot.BootFiles;
import io.github.container2boot.boot.BootOptions;
import io.github.container2boot.boot.BootableFiles;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.compress.Compression;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.gpt.GptDisk;
import io.github.container2boot.gpt.Guid;
import io.github.container2boot.gpt.PartitionEntry;
import io.github.container2boot.gpt.PartitionType;
import io.github.container2boot.source.Source;
import io.github.container2boot.source.SourceSettings;
import io.github.container2boot.squashfs.AssembledImage;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Layouts around roots that are mostly a hole.
class DiskLayoutTest {
  private static final long MOST_IN_FILE = (4L << 30) - 1;
  private static final Attributes PLAIN = Attributes.ofRoot(0_644, Instant.EPOCH);

  @Test
  void aRootThatFitsIsAFile() throws Exception {
    DiskLayout layout = layout(MOST_IN_FILE, new DiskSize.Automatic());
    assertThat(layout.commandLine().text()).contains("rd.live.dir=/container2boot");
    assertThat(layout.wholeEsp().find("/container2boot/squashfs.img")).isPresent();
    assertThat(layout.disk().entries())
        .extracting(entry -> entry.name().text())
        .containsExactly("C2BOOT");
  }

  @Test
  void aRootTooLargeForAFileGetsAPartition() throws Exception {
    DiskLayout layout = layout(MOST_IN_FILE + 1, new DiskSize.Automatic());
    GptDisk disk = layout.disk();
    assertThat(layout.commandLine().text())
        .isEqualTo("root=live:PARTLABEL=C2BOOT rd.live.image rd.live.overlay.readonly");
    assertThat(disk.entries())
        .extracting(entry -> entry.name().text())
        .containsExactly("EFI-SYSTEM", "C2BOOT");
    PartitionEntry root = disk.entries().getLast();
    assertThat(root.type()).isEqualTo(PartitionType.LINUX_ROOT_X86_64.guid());
    assertThat(root.sizeSectors() * 512).isEqualTo(MOST_IN_FILE + 1);
    assertThat(root.attributes()).isEqualTo(PartitionEntry.READ_ONLY);
    assertThatThrownBy(layout::wholeEsp)
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("takes 4294967296 bytes");
  }

  @Test
  void besideARootPartitionTheRestOfAGivenSizeStaysFree() throws Exception {
    long sizeBytes = 6L << 30;
    GptDisk disk = layout(MOST_IN_FILE + 1, new DiskSize.Exactly(sizeBytes)).disk();
    assertThat(disk.content().sizeBytes()).isEqualTo(sizeBytes);
    assertThat(disk.entries().getFirst().sizeSectors() * 512).isLessThan(64 << 20);
  }

  @Test
  void theEspFillsAGivenSize() throws Exception {
    long sizeBytes = 1L << 30;
    GptDisk disk = layout(100 << 20, new DiskSize.Exactly(sizeBytes)).disk();
    assertThat(disk.content().sizeBytes()).isEqualTo(sizeBytes);
    assertThat(disk.entries().getFirst().sizeSectors() * 512)
        .isBetween(sizeBytes - (3 << 20), sizeBytes);
  }

  /// Two disks that differ in any of it must not be taken for each other.
  @Test
  void aDiskIsIdentifiedByEveryChoice() throws Exception {
    BuildPlan.DiskSettings usual =
        new BuildPlan.DiskSettings(new DiskSize.Automatic(), 512, "C2BOOT");
    assertThat(diskId(usual, false)).isEqualTo(diskId(usual, false));
    assertThat(
            List.of(
                diskId(usual, false),
                diskId(usual, true),
                diskId(new BuildPlan.DiskSettings(usual.size(), 4096, "C2BOOT"), false),
                diskId(new BuildPlan.DiskSettings(usual.size(), 512, "OTHER"), false),
                diskId(
                    new BuildPlan.DiskSettings(new DiskSize.Exactly(1L << 30), 512, "C2BOOT"),
                    false)))
        .doesNotHaveDuplicates();
  }

  private static Guid diskId(BuildPlan.DiskSettings disk, boolean keepFallback) throws Exception {
    return layout(100 << 20, plan(disk, keepFallback)).disk().diskId();
  }

  private static DiskLayout layout(long rootBytes, DiskSize size) throws Exception {
    return layout(rootBytes, plan(new BuildPlan.DiskSettings(size, 512, "C2BOOT"), false));
  }

  private static DiskLayout layout(long rootBytes, BuildPlan plan) throws Exception {
    FileTreeBuilder tree = new FileTreeBuilder(PLAIN);
    BootableFiles.debian()
        .forEach((path, bytes) -> tree.put(path, new RegularFile(PLAIN, Content.of(bytes))));
    BootFiles files = BootFiles.find(tree.build(), BootOptions.defaults());
    BootableSystem system =
        new BootableSystem(
            files,
            new AssembledImage(List.of(new AssembledImage.Made(Content.hole(rootBytes)))),
            CompressionSettings.of(Compression.ZSTD),
            Optional.empty(),
            Instant.EPOCH);
    return DiskLayout.of(system, plan, Identity.of(List.of("test")));
  }

  private static BuildPlan plan(BuildPlan.DiskSettings disk, boolean keepFallback) {
    return new BuildPlan(
        new Source.FileOrDirectory(Path.of("machine.tar")),
        SourceSettings.none(),
        Optional.empty(),
        Path.of("out"),
        List.of(new OutputFormat.Disk()),
        new BuildPlan.RootSettings(new CompressionChoice.Automatic(), 128 << 10, false),
        new BuildPlan.BootSettings(new KernelChoice.Newest(), List.of(), keepFallback, false),
        disk,
        new BuildTime.OfImage(),
        new CacheChoice.None(),
        1);
  }
}
