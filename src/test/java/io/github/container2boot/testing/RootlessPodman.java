package io.github.container2boot.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A podman that an ordinary user runs, with a storage and a home of its own in a directory that
/// goes when this is closed. Needs root, to become that user.
public final class RootlessPodman implements AutoCloseable {
  private final TemporaryUser user;
  private final Path directory;

  /// XDG_RUNTIME_DIR. Its name is short: where a socket somewhere below would have a longer one
  /// than 107 bytes, which 30 are enough for, podman waits 20 seconds at the end of each run.
  private final Path runtime;

  private RootlessPodman(TemporaryUser user, Path directory, Path runtime) {
    this.user = user;
    this.directory = directory;
    this.runtime = runtime;
  }

  /// Skips the running test where there can be no user who runs one.
  public static RootlessPodman open() throws IOException {
    Tools.requireRoot();
    Tools.require("podman", "unshare", "setpriv", "umount");
    Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "container2boot-podman");
    Path runtime = Files.createTempDirectory(Path.of("/tmp"), "c2b");
    RootlessPodman podman =
        new RootlessPodman(TemporaryUser.add(directory.resolve("home")), directory, runtime);
    for (String name : List.of("home", "files")) {
      Files.createDirectory(directory.resolve(name));
    }
    Tools.run("chmod", "755", directory);
    Tools.run("chown", "-R", podman.user.name() + ":", directory, runtime);
    return podman;
  }

  /// A directory of the user's, for what podman is to read and write.
  public Path files() {
    return directory.resolve("files");
  }

  /// Gives the user everything in [#files].
  public void handOver() {
    Tools.run("chown", "-R", user.name() + ":", files());
  }

  /// Runs podman; an exit code other than 0 fails the test.
  public String run(Object... arguments) {
    Tools.Result result = execute(arguments);
    if (result.exitCode() != 0) {
      throw new AssertionError(
          "podman %s: exit code %d%n%s"
              .formatted(List.of(arguments), result.exitCode(), result.text()));
    }
    return result.text();
  }

  /// Runs podman, whatever its exit code will be. What it sees of control groups is version 2: it
  /// runs nothing in a mixture of both.
  public Tools.Result execute(Object... arguments) {
    List<Object> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c"));
    command.add(
        "umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup && mount --make-rshared / && exec setpriv \"$@\"");
    command.addAll(
        List.of("sh", "--reuid=" + user.name(), "--regid=" + user.name(), "--init-groups"));
    command.addAll(List.of("env", "-i", "--chdir=" + files(), "PATH=" + System.getenv("PATH")));
    command.add("HOME=" + directory.resolve("home"));
    command.add("XDG_RUNTIME_DIR=" + runtime);
    command.addAll(List.of("podman", "--storage-driver=overlay", "--cgroup-manager=cgroupfs"));
    command.add("--events-backend=none");
    command.addAll(List.of(arguments));
    return Tools.execute(command.toArray());
  }

  /// Ends the process that podman leaves to keep its namespace, and the mounts in it.
  @Override
  public void close() throws IOException {
    Path process = runtime.resolve("libpod/tmp/pause.pid");
    if (Files.exists(process)) {
      ProcessHandle.of(Long.parseLong(Files.readString(process).strip()))
          .ifPresent(ProcessHandle::destroyForcibly);
    }
    Tools.execute("rm", "-rf", directory, runtime);
    user.close();
  }
}
