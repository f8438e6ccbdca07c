package io.github.container2boot.podman;

import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A podman with a storage of its own, so that nobody's images are touched. Needs root.
final class Podman implements AutoCloseable {
  private final Path storage;
  private final Path run;
  private int containers;

  /// @param directory where its storage goes; empty
  Podman(Path directory) {
    Tools.require("podman", "busybox", "tar", "umount");
    Tools.requireRoot();
    this.storage = directory.resolve("storage");
    this.run = directory.resolve("run");
  }

  private String podman(Object... arguments) {
    return Tools.run(command(arguments)).strip();
  }

  private Object[] command(Object... arguments) {
    List<Object> command = new ArrayList<>(List.of("podman", "--root", storage, "--runroot", run));
    command.addAll(List.of("--storage-driver", "overlay"));
    command.addAll(List.of(arguments));
    return command.toArray();
  }

  /// An image with one layer: a static busybox as its shell, and nothing else.
  void importBusybox(String image, Path directory) throws IOException {
    Path root = Files.createDirectories(directory.resolve("base"));
    Files.createDirectories(root.resolve("bin"));
    Files.createDirectories(root.resolve("tmp"));
    Path busybox = root.resolve("bin/busybox");
    Files.copy(Tools.find("busybox").orElseThrow().toRealPath(), busybox);
    for (String name :
        List.of(
            "sh", "mkdir", "rm", "ln", "cp", "mv", "chmod", "chown", "dd", "touch", "mknod",
            "mkfifo", "printf", "seq")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(name), Path.of("busybox"));
    }
    Path archive = directory.resolve("base.tar");
    Tools.run("tar", "-C", root, "-cf", archive, ".");
    podman("import", "-q", archive, image);
  }

  /// Runs `podman build`.
  ///
  /// @param context made here if need be
  void build(String image, Path context, String containerfile) throws IOException {
    Path file =
        Files.writeString(Files.createDirectories(context).resolve("Containerfile"), containerfile);
    podman(
        "build",
        "-q",
        "--pull=never",
        "--isolation=chroot",
        "--network=host",
        "--cap-add=all",
        "-t",
        image,
        "-f",
        file,
        context);
  }

  /// Changes an image from outside, through the mounted root of a container of it.
  void change(String from, String to, Change change) throws IOException {
    String container = "change" + containers++;
    podman("create", "--pull=never", "--network=none", "--name", container, from, "/bin/sh");
    change.apply(directory(podman("mount", container)));
    podman("commit", "-q", container, to);
    podman("rm", "-f", container);
  }

  /// What to do with a mounted root.
  @FunctionalInterface
  interface Change {
    void apply(Path root) throws IOException;
  }

  /// The image's root, read-only.
  Path mount(String image) {
    return directory(podman("image", "mount", image));
  }

  private static Path directory(String output) {
    String last = output.lines().reduce("", (_, line) -> line);
    if (!last.startsWith("/") || !Files.isDirectory(Path.of(last))) {
      throw new AssertionError("expected a directory, found " + output);
    }
    return Path.of(last);
  }

  void save(String image, String format, Path file) {
    podman("save", "-q", "--format", format, "-o", file, image);
  }

  @Override
  public void close() {
    Tools.execute(command("image", "umount", "-a", "-f"));
    Tools.execute(command("rm", "-a", "-f"));
    Tools.execute("umount", storage.resolve("overlay"));
  }
}
