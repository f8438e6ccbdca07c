package io.github.container2boot.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.boot.BootableFiles;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.RootbuilderContainer;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rootbuilder container as an ordinary user runs it.
@Tag("package")
class RootbuilderContainerTest {
  @TempDir private static Path directory;

  private static RootbuilderContainer container;
  private static Path root;

  /// A machine with what a container's file system must not lose on its way.
  @BeforeAll
  static void buildContainer() throws IOException {
    Tools.require("tar", "setcap", "diff");
    container = RootbuilderContainer.build();
    root = Files.createDirectory(directory.resolve("root"));
    for (Map.Entry<String, byte[]> file : BootableFiles.debian().entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    Tools.run(
        "sh",
        "-ec",
        """
        cd "$0" && mkdir -p etc usr/bin home/user && echo root:x:0:0 >etc/passwd
        echo program >usr/bin/ping && setcap cap_net_raw=ep usr/bin/ping && ln usr/bin/ping usr/bin/ping6
        echo program >usr/bin/su && chmod 4755 usr/bin/su && chown 1000:1000 home/user
        """,
        root);
    container.setMachine(archive("machine.tar"));
    takeOverTheRootDirectory();
  }

  /// An image's topmost directory is podman's own: archives of images seldom have one.
  private static void takeOverTheRootDirectory() {
    List<String> mounted = List.of(RootbuilderContainer.machine());
    String said = succeeded(container.execute(mounted, "stat", "-c", "%a @%Y", "/rootfs"));
    String[] modeAndTime = said.strip().split(" ");
    Tools.run("chmod", modeAndTime[0], root);
    Tools.run("touch", "-d", modeAndTime[1], root);
  }

  private static Path archive(String name) {
    Path archive = directory.resolve(name);
    Tools.run(
        "tar",
        "-C",
        root,
        "--xattrs",
        "--xattrs-include=*",
        "--numeric-owner",
        "-cf",
        archive,
        ".");
    return archive;
  }

  @AfterAll
  static void close() throws IOException {
    if (container != null) {
      container.close();
    }
  }

  private static Path expected(Object... options) throws IOException {
    Path output = Files.createTempDirectory(directory, "expected");
    List<Object> words = new ArrayList<>(List.of("build", "-f", "disk,esp", "-o", output));
    words.addAll(List.of(options));
    words.add("rootfs:" + root);
    Program.run(words.toArray());
    return output;
  }

  private static String run(Path output, Object... command) {
    return succeeded(container.execute(RootbuilderContainer.mounts(output), command));
  }

  private static String succeeded(Tools.Result result) {
    assertThat(result.exitCode()).as(result.text()).isZero();
    return result.text();
  }

  private static void assertSameFiles(Path actual, Path expected) {
    assertThat(Tools.execute("diff", "-r", actual, expected).text()).isEmpty();
  }

  @Test
  void withoutArgumentsItMakesTheEsp() throws IOException {
    Path output = container.newOutput();
    run(output);
    assertSameFiles(output.resolve("esp"), expected().resolve("esp"));
    assertThat(output.resolve("disk.img")).doesNotExist();
  }

  @Test
  void theDiskIsThatOfABuildElsewhere() throws IOException {
    Path output = container.newOutput();
    Object[] options = {"--append", "console=ttyS0 quiet", "--rootlabel", "STICK"};
    List<Object> command = new ArrayList<>(List.of("rootbuilder", "--diskimage"));
    command.addAll(List.of(options));
    run(output, command.toArray());
    Path expected = expected(options);
    assertThat(output.resolve("disk.img")).hasSameBinaryContentAs(expected.resolve("disk.img"));
    assertSameFiles(output.resolve("esp"), expected.resolve("esp"));
  }

  @Test
  void anEditedEspBecomesADisk() throws IOException {
    Path output = container.newOutput();
    run(output, "rootbuilder");
    Path grub = output.resolve("esp/EFI/debian/grub.cfg");
    Files.writeString(
        grub, Files.readString(grub).replace("rd.live.image", "rd.live.image edited"));
    run(output, "rootbuilder", "--diskimage", "--sector-size", "512", "--size", "100M");
    assertThat(output.resolve("disk.img")).hasSize(100 << 20);
    Tools.require("mcopy");
    Path copied = directory.resolve("grub.cfg");
    Tools.run(
        "mcopy", "-n", "-i", output.resolve("disk.img") + "@@1M", "::/EFI/debian/grub.cfg", copied);
    assertThat(copied).hasSameTextualContentAs(grub).content().contains("edited");
    run(output, "rootbuilder", "--esp");
    assertThat(grub).content().doesNotContain("edited");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0:1000", "1000:1000"})
  void anyUserWhoMayReadTheImageRunsIt(String user) throws IOException {
    Path output = container.newOutput();
    Tools.run("chmod", "777", output);
    List<String> options = new ArrayList<>(RootbuilderContainer.mounts(output));
    options.add("--user=" + user);
    succeeded(container.execute(options, "rootbuilder", "--diskimage"));
    assertThat(output.resolve("disk.img")).hasSameBinaryContentAs(expected().resolve("disk.img"));
  }

  @Test
  void itStartsFromWhatWasPreparedWhenItWasBuilt() {
    List<String> options = List.of("--env=C2B_JAVA_OPTIONS=-XX:AOTMode=on", "--user=1000");
    assertThat(succeeded(container.execute(options, "rootbuilder", "--help")))
        .startsWith("Usage: rootbuilder");
  }

  @Test
  void withoutMountsItSaysWhatToMount() throws IOException {
    Path output = container.newOutput();
    assertFails(
        List.of(),
        "container2boot: /rootfs: there is no image; mount one with --mount=type=image,source=IMAGE,target=/rootfs");
    assertFails(
        List.of("--volume=" + output + ":/out:rw"), "container2boot: /rootfs: there is no image");
    assertFails(
        List.of(RootbuilderContainer.machine()),
        "container2boot: /out: nothing is mounted there to keep what is made; mount a directory with --volume ./out:/out:rw");
    assertFails(
        List.of(RootbuilderContainer.machine(), "--volume=" + output + ":/out:ro"),
        "container2boot: /out: no permission to write");
    List<String> options = new ArrayList<>(RootbuilderContainer.mounts(output));
    options.add("--user=1000");
    assertFails(
        options, "container2boot: /out: no permission to write; mount a directory of this user");
    assertThat(output).isEmptyDirectory();
  }

  private static void assertFails(List<String> options, String expected) {
    Tools.Result result = container.execute(options);
    assertThat(result.exitCode()).as(result.text()).isEqualTo(1);
    assertThat(result.text()).startsWith(expected).hasLineCount(1);
  }
}
