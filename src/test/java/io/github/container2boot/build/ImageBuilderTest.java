package io.github.container2boot.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.container2boot.boot.BootableFiles;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.Compression;
import io.github.container2boot.gpt.GptException;
import io.github.container2boot.source.Source;
import io.github.container2boot.source.SourceSettings;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.OciLayout;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole builds of a small machine that has everything but code.
class ImageBuilderTest {
  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path temporary;

  @Test
  void aDiskIsWhatTheToolsExpect() throws Exception {
    Manifest manifest = build(plan(image(machine())));
    Path disk = out().resolve("disk.img");

    assertThat(manifest.outputs()).extracting(Output::path).containsExactly("disk.img");
    assertThat(manifest.commandLine())
        .isEqualTo(
            "root=live:PARTLABEL=C2BOOT rd.live.dir=/container2boot rd.live.image"
                + " rd.live.overlay.readonly quiet");
    assertThat(Files.readString(out().resolve("manifest.json"))).isEqualTo(manifest.toJson());
    Tools.require("sgdisk", "fsck.fat", "mcopy", "unsquashfs");
    assertThat(Tools.run("sgdisk", "-v", disk)).contains("No problems found");
    Path esp = partition(disk, manifest.partitionTable().orElseThrow().partitions().getFirst());
    Tools.run("fsck.fat", "-n", esp);
    Path root = temporary.resolve("squashfs.img");
    Tools.run("mcopy", "-i", esp, "::/container2boot/squashfs.img", root);
    assertThat(Tools.run("unsquashfs", "-l", root))
        .contains("/boot/vmlinuz-" + BootableFiles.KERNEL)
        .doesNotContain("initrd.img");
    assertThat(Tools.run("unsquashfs", "-s", root)).contains("Compression zstd");
  }

  @Test
  void theDiskIsAsLargeAsWhatIsInIt() throws Exception {
    Map<String, byte[]> files = machine();
    files.put("usr/share/noise", noise(5, 40 << 20));
    Manifest manifest = build(plan(image(files)));
    long content =
        manifest.rootFilesystem().sizeBytes()
            + files.get("boot/vmlinuz-" + BootableFiles.KERNEL).length
            + files.get("boot/initrd.img-" + BootableFiles.KERNEL).length;
    long excess = manifest.partitionTable().orElseThrow().sizeBytes() - content;
    assertThat(excess).isBetween(0L, content / 100 + 2 * MEBIBYTE);
  }

  @Test
  void theSameInputGivesTheSameBytesWhereverAndHowever() throws Exception {
    Map<String, byte[]> files = machine();
    for (int file = 0; file < 50; file++) {
      files.put("usr/share/f" + file, noise(file, 1 + file * 9001));
    }
    Path layout = image(files, Map.of("usr/share/f7", new byte[300_000]));
    Manifest one = build(plan(layout));
    Manifest four = build(withThreads(plan(layout), 4, temporary.resolve("elsewhere")));
    assertThat(four.toJson()).isEqualTo(one.toJson());
    assertThat(temporary.resolve("elsewhere/disk.img"))
        .hasSameBinaryContentAs(out().resolve("disk.img"));
  }

  @Test
  void aUserWithoutPrivilegesGetsTheSameBytes() throws Exception {
    Tools.requireRoot();
    Tools.require("setpriv", "chmod");
    Path layout = image(machine());
    Path theirs = Files.createDirectory(temporary.resolve("theirs"));
    Tools.run("chmod", "-R", "a+rX", temporary);
    Tools.run("chmod", "a+rwx", theirs);
    build(plan(layout));
    Tools.Result result =
        Program.executeAsNobody(
            Files.createDirectory(temporary.resolve("classes")),
            "build",
            "--append",
            "quiet",
            "--output",
            theirs.resolve("out"),
            "oci:" + layout);
    assertThat(result.exitCode()).as(result.text()).isZero();
    assertThat(theirs.resolve("out/disk.img")).hasSameBinaryContentAs(out().resolve("disk.img"));
  }

  @Test
  void nothingOfADeletedFileIsLeft() throws Exception {
    byte[] small = noise(1, 3000);
    byte[] large = noise(2, 1 << 20);
    Map<String, byte[]> files = machine();
    files.put("etc/secret", small);
    files.put("etc/neighbour", noise(3, 5000));
    files.put("srv/secret", large);
    assertThat(occurs(diskOf(image(files)), small)).isTrue();
    assertThat(occurs(diskOf(image(files)), large)).isTrue();

    byte[] disk =
        diskOf(image(files, Map.of("etc/.wh.secret", new byte[0], "srv/.wh.secret", new byte[0])));
    assertThat(occurs(disk, small)).isFalse();
    assertThat(occurs(disk, large)).isFalse();
    assertThat(occurs(disk, files.get("etc/neighbour"))).isTrue();
  }

  @Test
  void theFilesOfAnEspAreTheSameAsOnTheDisk() throws Exception {
    Manifest manifest = build(withFormats(plan(image(machine())), OutputFormat.ALL));
    Tools.require("mcopy");
    Path esp =
        partition(
            out().resolve("disk.img"),
            manifest.partitionTable().orElseThrow().partitions().getFirst());
    Path copied = Files.createDirectory(temporary.resolve("copied"));
    Tools.run("mcopy", "-s", "-i", esp, "::/*", copied);
    assertThat(Tools.run("diff", "-r", copied, out().resolve("esp"))).isEmpty();
    assertThat(out().resolve("esp/container2boot/squashfs.img")).isRegularFile();
    assertThat(out().resolve("esp/EFI/BOOT/fbx64.efi")).doesNotExist();
  }

  @Test
  void aSizeIsKeptAndOneTooSmallSaysTheLeastThatWorks() throws Exception {
    Path layout = image(machine());
    build(plan(layout, new DiskSize.Exactly(64 * MEBIBYTE)));
    assertThat(out().resolve("disk.img")).hasSize(64 * MEBIBYTE);

    GptException problem =
        catchThrowableOfType(
            GptException.class, () -> build(plan(layout, new DiskSize.Exactly(MEBIBYTE))));
    assertThat(out().resolve("disk.img")).hasSize(64 * MEBIBYTE);
    long least =
        switch (problem.problem()) {
          case GptException.DiskTooSmall(long _, long leastBytes) -> leastBytes;
          case GptException.Problem other -> throw new AssertionError(other);
        };
    build(plan(layout, new DiskSize.Exactly(least)));
    assertThat(out().resolve("disk.img")).hasSize(least);
    assertThatThrownBy(() -> build(plan(layout, new DiskSize.Exactly(least - 512))))
        .isInstanceOf(GptException.class);
  }

  @Test
  void aKernelWithoutZstdGetsWhatItReads() throws Exception {
    Map<String, byte[]> files = machine();
    files.put(
        "boot/config-" + BootableFiles.KERNEL,
        """
        CONFIG_SQUASHFS=m
        CONFIG_SQUASHFS_ZLIB=y
        CONFIG_BLK_DEV_LOOP=m
        CONFIG_OVERLAY_FS=m
        """
            .getBytes(UTF_8));
    Manifest manifest = build(withFormats(plan(image(files)), List.of(new OutputFormat.Esp())));
    assertThat(manifest.rootFilesystem().compression()).startsWith(Compression.GZIP.toString());
    Tools.require("unsquashfs");
    assertThat(Tools.run("unsquashfs", "-s", out().resolve("esp/container2boot/squashfs.img")))
        .contains("Compression gzip");
  }

  @Test
  void aBrokenImageLeavesWhatWasThere() throws Exception {
    build(plan(image(machine())));
    byte[] before = Files.readAllBytes(out().resolve("disk.img"));
    Path broken = image(machine());
    try (var blobs = Files.list(broken.resolve("blobs/sha256"))) {
      for (Path blob : blobs.filter(path -> path.toFile().length() > 10_000).toList()) {
        byte[] damaged = Files.readAllBytes(blob);
        damaged[5000] ^= 1;
        Files.delete(blob);
        Files.write(blob, damaged);
      }
    }
    assertThatThrownBy(() -> build(plan(broken)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("layer 1 of 1")
        .hasMessageContaining("sha256");
    assertThat(out().resolve("disk.img")).hasBinaryContent(before);
    assertThat(Tools.run("ls", "-A", out())).isEqualTo("disk.img\nmanifest.json\n");
  }

  private Manifest build(BuildPlan plan) throws Exception {
    return new ImageBuilder(plan, Progress.unwatched()).build();
  }

  private byte[] diskOf(Path layout) throws Exception {
    build(plan(layout));
    return Files.readAllBytes(out().resolve("disk.img"));
  }

  private Path out() {
    return temporary.resolve("out");
  }

  private BuildPlan plan(Path layout) {
    return plan(layout, new DiskSize.Automatic());
  }

  private BuildPlan plan(Path layout, DiskSize size) {
    return new BuildPlan(
        new Source.LayoutDirectory(layout, Optional.empty()),
        SourceSettings.none(),
        Optional.empty(),
        out(),
        List.of(new OutputFormat.Disk()),
        new BuildPlan.RootSettings(new CompressionChoice.Automatic(), 128 << 10, false),
        new BuildPlan.BootSettings(new KernelChoice.Newest(), List.of("quiet"), false, false),
        new BuildPlan.DiskSettings(size, 512, "C2BOOT"),
        new BuildTime.OfImage(),
        new CacheChoice.None(),
        1);
  }

  private static BuildPlan withFormats(BuildPlan plan, List<OutputFormat> formats) {
    return new BuildPlan(
        plan.source(),
        plan.sourceSettings(),
        plan.platform(),
        plan.outputDirectory(),
        formats,
        plan.root(),
        plan.boot(),
        plan.disk(),
        plan.time(),
        plan.cache(),
        plan.threads());
  }

  private static BuildPlan withThreads(BuildPlan plan, int threads, Path outputDirectory) {
    return new BuildPlan(
        plan.source(),
        plan.sourceSettings(),
        plan.platform(),
        outputDirectory,
        plan.formats(),
        plan.root(),
        plan.boot(),
        plan.disk(),
        plan.time(),
        plan.cache(),
        threads);
  }

  private static Map<String, byte[]> machine() {
    return new TreeMap<>(BootableFiles.debian());
  }

  /// An image layout with these layers, the lowest first.
  @SafeVarargs
  private Path image(Map<String, byte[]>... layers) throws IOException {
    List<Path> archives = new ArrayList<>();
    for (Map<String, byte[]> layer : layers) {
      TarBuilder archive = new TarBuilder();
      new TreeMap<>(layer).forEach(archive::file);
      archives.add(Files.write(Files.createTempFile(temporary, "layer", ".tar"), archive.build()));
    }
    Path layout = Files.createTempDirectory(temporary, "layout");
    OciLayout.write(layout, archives);
    return layout;
  }

  private Path partition(Path disk, Manifest.Partition partition) throws IOException {
    Path file = Files.createTempFile(temporary, "partition", ".img");
    try (FileChannel from = FileChannel.open(disk);
        FileChannel to = FileChannel.open(file, StandardOpenOption.WRITE)) {
      from.transferTo(partition.offsetBytes(), partition.sizeBytes(), to);
    }
    return file;
  }

  private static byte[] noise(long seed, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /// Whether a stretch from the middle of `secret`, which no compressor can shorten, is anywhere in
  /// `disk`.
  private static boolean occurs(byte[] disk, byte[] secret) {
    byte[] stretch = Arrays.copyOfRange(secret, secret.length / 2, secret.length / 2 + 24);
    for (int offset = 0; offset + stretch.length <= disk.length; offset++) {
      if (disk[offset] == stretch[0]
          && Arrays.equals(disk, offset, offset + stretch.length, stretch, 0, stretch.length)) {
        return true;
      }
    }
    return false;
  }
}
