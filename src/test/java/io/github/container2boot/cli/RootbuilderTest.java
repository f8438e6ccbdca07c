package io.github.container2boot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.boot.BootableFiles;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The container's command, outside of one.
@EnabledOnOs(OS.LINUX)
class RootbuilderTest {
  private static final String GRUB = "esp/EFI/debian/grub.cfg";

  @TempDir private Path temporary;
  private Path root;
  private Path out;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectory(temporary.resolve("rootfs"));
    out = Files.createDirectory(temporary.resolve("out"));
    for (Map.Entry<String, byte[]> file : BootableFiles.debian().entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }

  private String run(Object... options) {
    List<Object> words = new ArrayList<>(List.of("rootbuilder", "--input", root));
    words.addAll(List.of("--output", out));
    words.addAll(List.of(options));
    return Program.run(words.toArray());
  }

  private Path build(Object... options) {
    Path directory = temporary.resolve("expected");
    List<Object> words = new ArrayList<>(List.of("build", "-f", "disk,esp", "-o", directory));
    words.addAll(List.of(options));
    words.add("rootfs:" + root);
    Program.run(words.toArray());
    return directory;
  }

  private static void assertSameFiles(Path actual, Path expected) {
    assertThat(Tools.execute("diff", "-r", actual, expected).text()).isEmpty();
  }

  /// The files of the disk's only partition.
  private Path filesOf(Path disk, int sectorSizeBytes) throws IOException {
    Tools.require("sgdisk", "mcopy", "fsck.fat", "dd");
    Path volume = temporary.resolve("volume");
    Path files = Files.createTempDirectory(temporary, "files");
    if (sectorSizeBytes == 512) {
      assertThat(Tools.run("sgdisk", "-v", disk)).contains("No problems found");
    }
    Tools.run("dd", "if=" + disk, "of=" + volume, "bs=1M", "skip=1", "status=none");
    assertThat(Tools.run("fsck.fat", "-n", volume)).doesNotContain("differ", "Bad", "rror");
    Tools.run("mcopy", "-s", "-Q", "-i", volume, "::/*", files);
    return files;
  }

  @Test
  void itMakesTheEspIfThereIsNone() throws IOException {
    String said = run("--append", "console=ttyS0", "--append", "quiet splash");
    Path expected = build("--append", "console=ttyS0", "--append", "quiet splash");
    assertSameFiles(out.resolve("esp"), expected.resolve("esp"));
    assertThat(out.resolve("esp/container2boot"))
        .isDirectoryContaining("glob:**/vmlinuz")
        .isDirectoryContaining("glob:**/initrd.img")
        .isDirectoryContaining("glob:**/squashfs.img");
    assertThat(out.resolve("disk.img")).doesNotExist();
    assertThat(said).contains(out.resolve("esp") + "/").doesNotContain("dd if=");

    Files.writeString(out.resolve(GRUB), "edited");
    assertThat(run("--append", "other")).contains("is there already", "--diskimage");
    assertThat(out.resolve(GRUB)).hasContent("edited");
    run("--esp");
    assertThat(out.resolve(GRUB)).content().contains("menuentry").doesNotContain("console=ttyS0");
  }

  @Test
  void itMakesADiskAndTheEspIfThereIsNone() {
    run("--diskimage", "--rootlabel", "OTHER", "--size", "90000001");
    Path expected = build("--rootlabel", "OTHER", "--size", "90001408");
    assertThat(out.resolve("disk.img")).hasSameBinaryContentAs(expected.resolve("disk.img"));
    assertSameFiles(out.resolve("esp"), expected.resolve("esp"));
  }

  @Test
  void aDiskOfTheEspThatIsThereHasTheSameFiles() throws IOException {
    run("--esp");
    Path expected = build();
    Tools.run("rm", "-r", root);
    run("--diskimage");
    assertSameFiles(filesOf(out.resolve("disk.img"), 512), out.resolve("esp"));
    assertThat(out.resolve("disk.img")).hasSize(Files.size(expected.resolve("disk.img")));
    assertSameFiles(filesOf(expected.resolve("disk.img"), 512), out.resolve("esp"));
  }

  @ParameterizedTest
  @CsvSource({"512, C2BOOT, auto", "4096, STICK, 80M"})
  void theEspMayHaveBeenEdited(int sectorSizeBytes, String label, String size) throws IOException {
    run();
    Files.writeString(out.resolve(GRUB), "edited");
    Files.writeString(out.resolve("esp/a file of mine.txt"), "added");
    String[] options = {
      "--diskimage", "--sector-size=" + sectorSizeBytes, "--rootlabel=" + label, "--size=" + size
    };
    String said = run((Object[]) options);
    assertThat(said).contains(out.resolve("disk.img").toString());
    byte[] disk = Files.readAllBytes(out.resolve("disk.img"));
    assertSameFiles(filesOf(out.resolve("disk.img"), sectorSizeBytes), out.resolve("esp"));
    assertThat(new String(disk, UTF_8).replace("\0", "")).contains(label);
    if (!size.equals("auto")) {
      assertThat(disk).hasSize(80 << 20);
    }

    // neither times nor owners nor the order in which files were made are in it
    Files.setLastModifiedTime(out.resolve(GRUB), FileTime.from(Instant.EPOCH));
    Tools.run("cp", "-r", out.resolve("esp"), out.resolve("copy"));
    Tools.run("rm", "-r", out.resolve("esp"));
    Files.move(out.resolve("copy"), out.resolve("esp"));
    run((Object[]) options);
    assertThat(out.resolve("disk.img")).hasBinaryContent(disk);

    Files.writeString(out.resolve(GRUB), "edited again");
    run((Object[]) options);
    assertThat(Files.readAllBytes(out.resolve("disk.img"))).isNotEqualTo(disk);
  }

  @Test
  void itSaysWhatChangesNothing() {
    run();
    assertThat(run("--diskimage", "--append", "quiet"))
        .contains("--append: the kernel arguments in " + out.resolve("esp"));
  }

  @Test
  void withoutAnImageItSaysHowToMountOne() throws IOException {
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    for (Path input : List.of(empty, temporary.resolve("missing"))) {
      CommandRun run = CommandRun.of("rootbuilder", "-i", input.toString(), "-o", out.toString());
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .isEqualTo(
              "container2boot: %s: there is no image; mount one with --mount=type=image,source=IMAGE,target=%s\n"
                  .formatted(input, input));
    }
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void whatAContainerWouldLoseIsNotMade() {
    CommandRun run =
        CommandRun.with(
            Map.of("container", "podman"),
            (_, _) -> CommandRun.MANIFEST,
            "rootbuilder",
            "--input",
            root.toString(),
            "--output",
            "/not-mounted");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "container2boot: /not-mounted: nothing is mounted there to keep what is made; mount a directory with --volume ./out:/not-mounted:rw\n");
    assertThat(run.plan()).isNull();
  }

  @Test
  void mountPointsAreThoseOfTheKernel() {
    Mounts mounts =
        new Mounts(
            List.of(
                "1 0 0:31 / / rw - overlay overlay rw",
                "2 1 8:1 /home/out /out rw,relatime - ext4 /dev/sda1 rw",
                "3 1 8:1 /x /with\\040space rw - ext4 /dev/sda1 rw"));
    assertThat(mounts.holds(Path.of("/out"))).isTrue();
    assertThat(mounts.holds(Path.of("/out/below/../it"))).isTrue();
    assertThat(mounts.holds(Path.of("/with space"))).isTrue();
    assertThat(mounts.holds(Path.of("/outer"))).isFalse();
    assertThat(mounts.holds(Path.of("/"))).isFalse();
  }

  @Test
  void anEspThatIsNotWholeIsRefused() throws IOException {
    run();
    Files.delete(out.resolve("esp/container2boot/vmlinuz"));
    assertRefused(
        "esp/container2boot/vmlinuz: expected a file of the system to boot, found nothing; make it anew with --esp");
    Files.writeString(out.resolve("esp/container2boot/vmlinuz"), "kernel");
    Files.writeString(out.resolve("esp/container2boot/squashfs.img"), "no root");
    assertRefused("esp/container2boot/squashfs.img: ");
    Files.delete(out.resolve("esp/container2boot/initrd.img"));
    Files.createDirectory(out.resolve("esp/container2boot/initrd.img"));
    assertRefused("initrd.img: expected a file of the system to boot, found a directory");
  }

  private void assertRefused(String expected) {
    Tools.Result result = Program.execute("rootbuilder", "-o", out, "--diskimage");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.text()).contains(expected).hasLineCount(1);
    assertThat(out.resolve("disk.img")).doesNotExist();
  }

  @Test
  void itIsForTheContainerOnly() {
    assertThat(CommandRun.of("--help").out()).doesNotContain("rootbuilder");
    assertThat(CommandRun.of("rootbuilder", "--help").out())
        .contains("Usage: rootbuilder [OPTIONS]", "--diskimage", "--esp", "--append=ARGS");
    for (Shell shell : Shell.values()) {
      assertThat(CommandRun.of("generate-completion", shell.toString()).out())
          .doesNotContain("rootbuilder");
    }
  }
}
