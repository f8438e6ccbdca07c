package io.github.container2boot.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A Debian 13 with no more than its package manager, three shells and a reader of manual pages: no
/// Java, nothing of this program. Its archive is made once by mmdebstrap and kept between runs.
public final class BareDebian {
  private static final String SUITE = "trixie";
  private static final String INCLUDED = "fish,mandoc,zsh";

  private final Path root;

  private BareDebian(Path root) {
    this.root = root;
  }

  /// The root's archive; skips the running test where it can neither be found nor made.
  public static synchronized Path tarball() throws IOException {
    Tools.require("mmdebstrap");
    Path cache = Files.createDirectories(cacheDirectory());
    Path archive = cache.resolve("bare-%s-%s.tar".formatted(SUITE, INCLUDED.replace(',', '-')));
    if (Files.notExists(archive)) {
      Path partial = Files.createTempFile(cache, "bare-", ".tar");
      Tools.run(
          "mmdebstrap", "--quiet", "--variant=minbase", "--include=" + INCLUDED, SUITE, partial);
      Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(partial, archive, StandardCopyOption.ATOMIC_MOVE);
    }
    return archive;
  }

  /// As examples/debian/cached-image has it.
  private static Path cacheDirectory() {
    String home = System.getProperty("user.home");
    return Optional.ofNullable(System.getenv("CONTAINER2BOOT_TESTBED"))
        .map(Path::of)
        .orElseGet(() ->
            Path.of(
                System.getenv().getOrDefault("XDG_CACHE_HOME", home + "/.cache"),
                "container2boot-testbed"));
  }

  /// Unpacks one. Needs root.
  ///
  /// @param root made here
  public static BareDebian unpack(Path root) throws IOException {
    Tools.requireRoot();
    Tools.require("tar", "chroot", "unshare");
    Path archive = tarball();
    Files.createDirectories(root);
    Tools.run("tar", "-C", root, "--numeric-owner", "-xpf", archive);
    return new BareDebian(root);
  }

  /// The place of `path`, which is absolute in there.
  public Path resolve(String path) {
    return root.resolve(path.substring(1));
  }

  /// Runs a command in there as root.
  public Tools.Result execute(String... command) {
    return executeAs("root:root", List.of(), command);
  }

  /// Runs a command in there as root; an exit code other than 0 fails the test.
  public String run(String... command) {
    return succeeded(execute(command), command);
  }

  /// Runs a command in there as nobody, who has no home; an exit code other than 0 fails the test.
  ///
  /// @param variables of its environment, `NAME=value`
  public String runAsNobody(List<String> variables, String... command) {
    return succeeded(executeAs("nobody:nogroup", variables, command), command);
  }

  /// With a /proc, as every system has, which goes with the process.
  public Tools.Result executeAs(String user, List<String> variables, String... command) {
    List<Object> words = new ArrayList<>(List.of("unshare", "--mount", "--propagation=private"));
    words.addAll(List.of("sh", "-c", "mount -t proc proc \"$0/proc\" && exec chroot \"$@\"", root));
    words.addAll(List.of("--userspec=" + user, root, "/usr/bin/env", "-i", "LC_ALL=C.UTF-8"));
    words.add("PATH=/usr/sbin:/usr/bin:/sbin:/bin");
    words.addAll(variables);
    words.addAll(List.of(command));
    return Tools.execute(words.toArray());
  }

  private static String succeeded(Tools.Result result, String... command) {
    if (result.exitCode() != 0) {
      throw new AssertionError(
          "%s: exit code %d%n%s"
              .formatted(String.join(" ", command), result.exitCode(), result.text()));
    }
    return result.text();
  }
}
