package io.github.container2boot.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.boot.BootableFiles;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A small machine in a directory, built by the program as its users run it.
@EnabledOnOs(OS.LINUX)
class DirectoryBuildTest {
  @TempDir private Path temporary;
  private Path root;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectory(temporary.resolve("root"));
    for (Map.Entry<String, byte[]> file : BootableFiles.debian().entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    Random random = new Random(1);
    Path share = Files.createDirectories(root.resolve("usr/share/data"));
    for (int file = 0; file < 60; file++) {
      byte[] noise = new byte[random.nextInt(100) * random.nextInt(5000)];
      random.nextBytes(noise);
      Files.write(share.resolve("file-" + file), noise);
    }
    script(
        """
        mkdir -p etc dev && echo odd >"$(printf 'etc/\\303\\244\\377\\n')"
        ln usr/share/data/file-7 etc/linked && mkfifo etc/pipe && ln -s ../usr etc/link
        truncate -s 3M etc/sparse && printf end >>etc/sparse && chmod 4755 etc/linked
        """);
  }

  private void script(String text) {
    Tools.Result result = Tools.execute(root, "sh", "-ec", text);
    assertThat(result.exitCode()).as(result.text()).isZero();
  }

  private Path build(String source, String name, Object... options) {
    Path out = temporary.resolve(name);
    List<Object> arguments = new ArrayList<>(List.of("build", "--append=quiet", "--no-cache"));
    arguments.addAll(List.of("--format=disk,esp", "--output", out));
    arguments.addAll(List.of(options));
    arguments.add(source);
    Program.run(arguments.toArray());
    return out;
  }

  private static Path disk(Path out) {
    return out.resolve("disk.img");
  }

  private static Path squashfs(Path out) {
    return out.resolve("esp/container2boot/squashfs.img");
  }

  @Test
  void theNumberOfThreadsChangesNothing() throws IOException {
    Path one = build("rootfs:" + root, "one", "--threads=1");
    for (int threads = 2; threads <= 4; threads++) {
      Path other = build(root.toString(), "threads-" + threads, "--threads=" + threads);
      assertThat(disk(other)).hasSameBinaryContentAs(disk(one));
    }
    String manifest = Files.readString(one.resolve(Manifest.FILE_NAME));
    assertThat(manifest).contains("\"reference\": \"rootfs:" + root + "\"");
    assertThat(manifest).contains("\"created\": \"1970-01-01T00:00:00Z\"");
  }

  /// Neither inode numbers nor where it lies are in it.
  @Test
  void aCopyGivesTheSameDisk() {
    Path copy = temporary.resolve("copy");
    Tools.run("cp", "-a", root, copy);
    assertThat(disk(build("rootfs:" + copy, "of-copy")))
        .hasSameBinaryContentAs(disk(build("rootfs:" + root, "of-root")));
  }

  @Test
  void anArchiveOfItHasTheSameRoot() {
    Tools.require("tar");
    Path archive = temporary.resolve("root.tar");
    Tools.run(
        "tar",
        "--xattrs",
        "--xattrs-include=*",
        "--format=posix",
        "--sort=name",
        "--numeric-owner",
        "-C",
        root,
        "-cf",
        archive,
        ".");
    assertThat(squashfs(build("rootfs:" + root, "of-directory")))
        .hasSameBinaryContentAs(squashfs(build(archive.toString(), "of-archive")));
  }

  /// Where Java has no character for a name, the name is there all the same.
  @Test
  void theLocaleChangesNothing() throws Exception {
    Path expected = disk(build("rootfs:" + root, "utf-8"));
    Path out = temporary.resolve("c");
    ProcessBuilder program =
        Program.process(
            "build",
            "--append=quiet",
            "--no-cache",
            "--format=disk,esp",
            "--output",
            out,
            "rootfs:" + root);
    program.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    program.environment().put("LC_ALL", "C");
    assertThat(program.redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start().waitFor())
        .isZero();
    assertThat(disk(out)).hasSameBinaryContentAs(expected);
  }

  /// Nobody could tell whether it is still what it was.
  @Test
  void itIsReadAnewEveryTime() throws IOException {
    Path cache = temporary.resolve("cache");
    Path first = cached(cache, "first");
    Files.writeString(root.resolve("etc/new"), "new");
    assertThat(Files.mismatch(disk(cached(cache, "second")), disk(first))).isNotNegative();
    Files.delete(root.resolve("etc/new"));
  }

  private Path cached(Path cache, String name) {
    Path out = temporary.resolve(name);
    String printed =
        Program.run("build", "-v", "--cache-dir", cache, "--output", out, "rootfs:" + root);
    assertThat(printed).doesNotContain("is in the cache");
    return out;
  }

  @Test
  void whatIsNoRootIsRefused() throws IOException {
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    assertRefused(
        "rootfs:" + empty,
        "expected a root file system with a directory usr, etc or bin, found an empty directory");
    Files.createDirectory(empty.resolve("src"));
    Files.createFile(empty.resolve("README\n"));
    assertRefused("rootfs:" + empty, "found a directory with README\\x0a, src");
    assertRefused(
        empty.toString(), "found a directory without usr, etc, bin, oci-layout and manifest.json");
    assertRefused(
        "rootfs:" + empty.resolve("README\n"), "expected a directory with a root file system");
    assertRefused("rootfs:" + temporary.resolve("none"), "no such file or directory");
  }

  @Test
  void aPathMayHaveColons() throws IOException {
    Path colons = temporary.resolve("a:b:c");
    Files.move(root, colons);
    assertThat(disk(build("rootfs:" + colons, "colons"))).isRegularFile();
  }

  @Test
  void whatThisUserMayNotReadIsNamed() throws IOException {
    Tools.requireRoot();
    Tools.require("setpriv");
    Files.writeString(root.resolve("etc/shadow"), "secret");
    Files.setPosixFilePermissions(
        root.resolve("etc/shadow"), PosixFilePermissions.fromString("rw-------"));
    Tools.run("chmod", "a+rx", temporary, root);
    Path classes = Files.createDirectory(temporary.resolve("classes"));
    Tools.run("chmod", "a+rwx", classes);
    Tools.Result result =
        Program.executeAsNobody(
            classes, "build", "--no-cache", "--output", classes.resolve("out"), "rootfs:" + root);
    assertThat(result.exitCode()).as(result.text()).isEqualTo(1);
    assertThat(lastLine(result))
        .isEqualTo(
            "container2boot: %s/etc/shadow: no permission to read it; run this as root, or as who owns it: podman unshare container2boot build …"
                .formatted(root));
  }

  @Test
  void aRootOfSomebodyElseIsWarnedOf() {
    Tools.requireRoot();
    Tools.run("chown", "1000:1000", root);
    assertThat(Program.run("build", "--no-cache", "-o", temporary.resolve("x"), "rootfs:" + root))
        .contains("its root directory belongs to user 1000, not to root");
  }

  private void assertRefused(String source, String message) {
    Tools.Result result = Program.execute("build", "--output", temporary.resolve("x"), source);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.text().strip())
        .startsWith("container2boot: ")
        .contains(message)
        .hasLineCount(1);
  }

  private static String lastLine(Tools.Result result) {
    return result.text().strip().lines().reduce("", (_, line) -> line);
  }
}
