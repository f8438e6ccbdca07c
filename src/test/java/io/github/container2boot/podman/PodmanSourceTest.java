package io.github.container2boot.podman;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.boot.BootableFiles;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.TemporaryUser;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Machines straight from a real podman, of root's and of a user's, by its program and over its
/// sockets: always the same disk as from an archive of it.
@Tag("podman")
class PodmanSourceTest {
  private static final String NAME = "localhost/c2b/machine:1";

  @TempDir private Path directory;

  /// What the wrapper was called with, a line each.
  private Path calls;

  private Path programs;

  @BeforeEach
  void prepare() throws IOException {
    Tools.require("podman", "tar");
    Tools.requireRoot();
    Tools.run("chmod", "755", directory);
    programs = Files.createDirectory(directory.resolve("programs"));
    calls = directory.resolve("calls");
  }

  @AfterEach
  void unmount() {
    Tools.execute("umount", directory.resolve("storage-overlay/overlay"));
  }

  /// A podman whose storage is in the test's directory, and which writes down what it is asked.
  ///
  /// @param options that choose the storage
  private void wrapPodman(String options) throws IOException {
    Path wrapper = programs.resolve("podman");
    String podman = Tools.find("podman").orElseThrow().toString();
    Files.writeString(
        wrapper,
        "#!/bin/sh\necho \"$@\" >>%s\nexec %s %s \"$@\"\n".formatted(calls, podman, options));
    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.deleteIfExists(calls);
    Files.createFile(
        calls, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-rw-")));
    Files.setPosixFilePermissions(calls, PosixFilePermissions.fromString("rw-rw-rw-"));
  }

  private String rootStorage(String driver) {
    return "--root %s --runroot %s --storage-driver %s"
        .formatted(directory.resolve("storage-" + driver), directory.resolve("run"), driver);
  }

  private Path podman() {
    return programs.resolve("podman");
  }

  /// A machine in three layers: files of others, files that only their owner may read, a name that
  /// is no UTF-8, a deleted file, a layer with nothing in it.
  private Path context() throws IOException {
    Path context = Files.createDirectory(directory.resolve("context"));
    TarBuilder base = new TarBuilder();
    new TreeMap<>(BootableFiles.debian()).forEach(base::file);
    base.file("srv/old", "old".getBytes(UTF_8));
    Files.write(context.resolve("base.tar"), base.build());
    Files.writeString(context.resolve("one"), "one");
    Files.write(context.resolve("large"), new byte[3_000_000]);
    Path names = Files.createDirectory(context.resolve("names"));
    Tools.run("sh", "-c", "echo odd >\"$(printf '%s/odd\\377')\"".formatted(names));
    Files.writeString(
        context.resolve("Containerfile"),
        """
        FROM localhost/c2b/base
        COPY --chown=5:6 --chmod=600 one large /srv/private/
        COPY --chmod=0 one /srv/nobody
        COPY names /srv/names
        """);
    Tools.run("chmod", "-R", "a+rX", context);
    return context;
  }

  private void makeImage(List<Object> asUser) throws IOException {
    Path context = context();
    run(asUser, podman(), "import", "-q", context.resolve("base.tar"), "localhost/c2b/base");
    run(
        asUser,
        podman(),
        "build",
        "-q",
        "--layers",
        "--pull=never",
        "--isolation=chroot",
        "--network=host",
        "-t",
        NAME,
        context);
    Files.writeString(calls, "");
  }

  private static String run(List<Object> asUser, Object... command) {
    List<Object> line = new ArrayList<>(asUser);
    line.addAll(List.of(command));
    return Tools.run(line.toArray()).strip();
  }

  /// The digests of what a build makes of `source`, the manifest left out: it says where the image
  /// was.
  private String disk(Map<String, String> environment, Object... arguments) throws Exception {
    Path out = Files.createTempDirectory(directory, "out");
    List<Object> line = new ArrayList<>(List.of("build", "-o", out));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = Program.process(line.toArray()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches("CONTAINER_.*|DOCKER_.*|XDG_.*"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return Tools.run("sha256sum", out.resolve("disk.img")).substring(0, 64);
  }

  private String said = "";

  private Map<String, String> path() {
    return Map.of("PATH", programs + ":" + System.getenv("PATH"));
  }

  private String diskOfArchive(String format, Object... options) throws Exception {
    Path archive = directory.resolve(format);
    run(List.of(), podman(), "save", "-q", "--format", format, "-o", archive, NAME);
    Files.writeString(calls, "");
    return disk(path(), format + ":" + archive, "--no-cache");
  }

  @ParameterizedTest
  @CsvSource({"overlay, false", "vfs, true"})
  void byTheProgram(String driver, boolean exported) throws Exception {
    wrapPodman(rootStorage(driver));
    makeImage(List.of());
    String expected = diskOfArchive("docker-archive");
    assertThat(diskOfArchive("oci-archive")).isEqualTo(expected);

    assertThat(disk(path(), "containers-storage:" + NAME, "--no-cache")).isEqualTo(expected);
    assertThat(exports()).isEqualTo(exported ? 1 : 0);

    Path cache = directory.resolve("cache");
    Files.writeString(calls, "");
    assertThat(disk(path(), "c2b/machine:1", "--cache-dir", cache)).isEqualTo(expected);
    assertThat(said).contains("c2b/machine:1: found in podman (" + NAME + ")");
    Files.writeString(calls, "");
    assertThat(disk(path(), NAME, "--cache-dir", cache)).isEqualTo(expected);
    assertThat(Files.readString(calls)).isEqualTo("image inspect -- " + NAME + "\n");
  }

  private long exports() throws IOException {
    return Files.readString(calls).lines().filter(line -> line.startsWith("save")).count();
  }

  /// Files that belong to others than their user, and files that nobody may read, are read in the
  /// user's namespace, and none of the rest is exported.
  @Test
  void ofAUser() throws Exception {
    Tools.require("runuser");
    Path home = Files.createDirectory(directory.resolve("home"));
    try (TemporaryUser temporary = TemporaryUser.add(home)) {
      String user = temporary.name();
      Tools.run("chown", user, home);
      Path run = Files.createDirectory(directory.resolve("user-run"));
      Tools.run("chown", user, run);
      List<Object> asUser =
          List.of(
              "runuser",
              "-u",
              user,
              "--",
              "env",
              "-C",
              home,
              "HOME=" + home,
              "XDG_RUNTIME_DIR=" + run,
              "XDG_CONFIG_HOME=" + home,
              "PATH=" + path().get("PATH"));
      wrapPodman(
          "--root %s/storage --runroot %s/run --storage-driver overlay".formatted(home, run));
      makeImage(asUser);
      String expected = diskOfArchive(asUser, home);

      List<Object> line = new ArrayList<>(asUser);
      Path classes = Files.createDirectory(directory.resolve("classes"));
      line.addAll(
          Program.commandFromCopy(classes, "build", "--no-cache", "-o", home.resolve("out"), NAME));
      assertThat(Tools.run(line.toArray())).contains("found in podman");
      assertThat(Tools.run("sha256sum", home.resolve("out/disk.img"))).startsWith(expected);
      assertThat(exports()).isZero();
      assertThat(Files.readString(calls)).contains("unshare");
      run(asUser, podman(), "system", "reset", "--force");
    }
  }

  private String diskOfArchive(List<Object> asUser, Path home) throws Exception {
    Path archive = home.resolve("archive");
    run(asUser, podman(), "save", "-q", "--format", "oci-archive", "-o", archive, NAME);
    Files.writeString(calls, "");
    return disk(path(), "oci-archive:" + archive, "--no-cache");
  }

  @Test
  void overItsSockets() throws Exception {
    wrapPodman(rootStorage("overlay"));
    makeImage(List.of());
    String expected = diskOfArchive("docker-archive");
    Path socket = directory.resolve("podman.sock");
    Process service =
        new ProcessBuilder(podman().toString(), "system", "service", "--time=0", "unix://" + socket)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("service.log").toFile())
            .start();
    try {
      for (int tries = 0; !Files.exists(socket) && tries < 100; tries++) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      Files.writeString(calls, "");
      Map<String, String> asPodman = Map.of("CONTAINER_HOST", "unix://" + socket);
      assertThat(disk(asPodman, "containers-storage:" + NAME, "--no-cache")).isEqualTo(expected);

      Map<String, String> asDocker = Map.of("DOCKER_HOST", "unix://" + socket, "PATH", "/nowhere");
      assertThat(disk(asDocker, "docker-daemon:" + NAME, "--no-cache")).isEqualTo(expected);
      assertThat(disk(asDocker, NAME, "--no-cache")).isEqualTo(expected);
      assertThat(said).contains("found in docker");
      assertThat(Files.readString(calls)).isEmpty();
    } finally {
      service.destroy();
      service.waitFor();
    }
  }
}
