package io.github.container2boot.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The container of Containerfile.rootbuilder, built and run by an ordinary user with podman from
/// the tarball that `package/make` has made.
public final class RootbuilderContainer implements AutoCloseable {
  private static final String IMAGE = "localhost/container2boot/rootbuilder";
  private static final String MACHINE = "localhost/machine";

  private final RootlessPodman podman;

  private RootbuilderContainer(RootlessPodman podman) {
    this.podman = podman;
  }

  /// Builds it on a Debian without Java.
  public static RootbuilderContainer build() throws IOException {
    Path packages = Path.of("target", "package");
    assumeTrue(Files.isDirectory(packages), "needs what package/make makes");
    RootlessPodman podman = RootlessPodman.open();
    RootbuilderContainer container = new RootbuilderContainer(podman);
    try {
      container.build(packages);
      return container;
    } catch (RuntimeException | IOException | Error failed) {
      podman.close();
      throw failed;
    }
  }

  private void build(Path packages) throws IOException {
    Path context = podman.files().resolve("context");
    for (String name : List.of("Containerfile.rootbuilder", "package/rootbuilder")) {
      copy(Path.of(name), context.resolve(name));
    }
    try (Stream<Path> files = Files.list(packages)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".tar.gz")).toList()) {
        copy(file, context.resolve(file));
      }
    }
    podman.handOver();
    importRoot(BareDebian.tarball(), "localhost/base");
    podman.run(
        "build",
        "--quiet",
        "--pull=never",
        "--isolation=chroot",
        "--build-arg=BASE=localhost/base",
        "--file=" + context.resolve("Containerfile.rootbuilder"),
        "--tag=" + IMAGE,
        context);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
  }

  /// Makes `tarball` the image that is to boot.
  public void setMachine(Path tarball) throws IOException {
    importRoot(tarball, MACHINE);
  }

  private void importRoot(Path tarball, String name) throws IOException {
    Path reachable = podman.files().resolve("import.tar");
    Files.copy(tarball, reachable, StandardCopyOption.REPLACE_EXISTING);
    podman.handOver();
    podman.run("import", "--quiet", reachable, name);
    Files.delete(reachable);
  }

  /// A new directory to be mounted at /out.
  public Path newOutput() throws IOException {
    Path output = Files.createTempDirectory(podman.files(), "out");
    podman.handOver();
    return output;
  }

  /// Runs a command in it, without a network and with nothing writable but mounts.
  ///
  /// @param options of `podman run`
  /// @param command and its arguments; none: the container's own
  public Tools.Result execute(List<String> options, Object... command) {
    List<Object> words = new ArrayList<>(List.of("run", "--rm", "--network=none", "--read-only"));
    words.addAll(options);
    words.add(IMAGE);
    words.addAll(List.of(command));
    return podman.execute(words.toArray());
  }

  /// The options that mount the machine, and `output` as /out.
  public static List<String> mounts(Path output) {
    return List.of(machine(), "--volume=" + output + ":/out:rw");
  }

  public static String machine() {
    return "--mount=type=image,source=%s,target=/rootfs".formatted(MACHINE);
  }

  @Override
  public void close() throws IOException {
    podman.close();
  }
}
