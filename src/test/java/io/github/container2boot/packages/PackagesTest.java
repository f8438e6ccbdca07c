package io.github.container2boot.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.container2boot.cli.Documents;
import io.github.container2boot.cli.Rehearsal;
import io.github.container2boot.testing.BareDebian;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Both packages, installed on a Debian that has nothing else.
@Tag("package")
class PackagesTest {
  private static final Path PACKAGES = Path.of("target", "package").toAbsolutePath();

  /// Java ends at once if it cannot use the cache it is given.
  private static final String ONLY_WITH_CACHE = "C2B_JAVA_OPTIONS=-XX:AOTMode=on";

  /// Where nobody may write in there.
  private static final String PLACE = "/srv/nobody";

  private static Path directory;
  private static Path machine;
  private static Path disk;

  /// A machine, and the disk that the program makes of it where it was built.
  @BeforeAll
  static void buildFromTheSources() throws IOException {
    Tools.requireRoot();
    directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "packages");
    Path rehearsal = Files.createDirectories(directory.resolve("rehearsal"));
    Rehearsal.main(new String[] {rehearsal.toString()});
    machine = rehearsal.resolve("machine.tar");
    Program.run("build", "-o", directory.resolve("expected"), machine);
    disk = directory.resolve("expected/disk.img");
  }

  @AfterAll
  static void clean() {
    if (directory != null) {
      Tools.run("rm", "-rf", directory);
    }
  }

  private static Path only(String suffix) throws IOException {
    assumeTrue(Files.isDirectory(PACKAGES), "needs what package/make makes");
    try (Stream<Path> files = Files.list(PACKAGES)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(suffix)).toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }

  private static BareDebian bareDebian(String name) throws IOException {
    BareDebian debian = BareDebian.unpack(directory.resolve(name));
    assertThat(debian.execute("which", "java").exitCode()).isNotZero();
    Path place = Files.createDirectories(debian.resolve(PLACE));
    Tools.run("chown", "65534:65534", place);
    Files.copy(machine, place.resolve("machine.tar"));
    return debian;
  }

  /// Builds the machine in there as nobody.
  private static void assertSameDisk(BareDebian debian, String program, String... variables) {
    String output = PLACE + "/" + program.replace('/', '-');
    debian.runAsNobody(
        List.of(variables),
        program,
        "build",
        "-f",
        "disk,esp",
        "-o",
        output,
        PLACE + "/machine.tar");
    assertThat(debian.resolve(output + "/disk.img")).hasSameBinaryContentAs(disk);
    assertThat(debian.resolve(output + "/manifest.json")).content().contains("Debian GNU/Linux 13");
  }

  /// Java's own part of a package is only what the program needs; the server needs most of it.
  private static void assertServes(BareDebian debian, String program) {
    String script =
        """
        exec 3< <("$0" serve --port 0 --no-cache "$1")
        while read -r said address <&3; do
          case $said:$address in Serving:at*) break ;; esac
        done
        port=${address##*:}
        exec 4<>"/dev/tcp/127.0.0.1/${port%%/*}"
        printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&4
        cat <&4
        kill $!
        """;
    assertThat(debian.runAsNobody(List.of(), "bash", "-c", script, program, PLACE + "/machine.tar"))
        .contains("HTTP/1.1 200 ")
        .endsWith("ok\n");
  }

  @Test
  void theDebianPackage() throws IOException {
    Path deb = only(".deb");
    BareDebian debian = bareDebian("debian");
    String before = files(debian);
    Files.copy(deb, debian.resolve("/container2boot.deb"));
    debian.run("dpkg", "-i", "/container2boot.deb");
    Files.delete(debian.resolve("/container2boot.deb"));

    assertThat(debian.run("dpkg", "-V", "container2boot")).isEmpty();
    assertThat(debian.resolve("/usr/lib/container2boot/container2boot.aot")).isNotEmptyFile();
    assertRuns(debian, "/usr/bin/container2boot");
    assertRunsWithAnyHeap(debian, "/usr/bin/container2boot");
    assertThat(debian.run("container2boot", "--version")).startsWith("container2boot ");
    assertManualPages(debian);
    assertCompletions(debian);
    assertSameDisk(debian, "/usr/bin/container2boot", ONLY_WITH_CACHE);
    assertServes(debian, "/usr/bin/container2boot");
    debian.run("container2boot", "build", "-o", "/root/out", PLACE + "/machine.tar");
    assertThat(debian.resolve("/root/out/disk.img")).hasSameBinaryContentAs(disk);

    debian.run("dpkg", "--purge", "container2boot");
    assertThat(files(debian)).isEqualTo(before);
  }

  /// Everything but what users made and others keep: dpkg's records, the index of manual pages.
  private static String files(BareDebian debian) {
    return debian.run(
        "sh",
        "-c",
        "find / -xdev \\( -path /proc -o -path /root -o -path /srv -o -path /tmp -o -path /var/cache -o -path /var/lib/dpkg -o -path /var/log \\) -prune -o -print | sort");
  }

  private static void assertRuns(BareDebian debian, String program) {
    assertThat(debian.runAsNobody(List.of(ONLY_WITH_CACHE), program, "--version"))
        .matches("container2boot [0-9.]+\\n");
    assertThat(debian.runAsNobody(List.of(ONLY_WITH_CACHE), program, "build", "--help"))
        .contains("--rootlabel=NAME");
  }

  /// Not every heap suits the cache that Java starts from, of which nothing need be said.
  private static void assertRunsWithAnyHeap(BareDebian debian, String program) {
    for (String heap : List.of("-Xmx2g", "-Xmx40g", "-Xms8m", "-Xmn256m")) {
      String complaints =
          debian.runAsNobody(
              List.of("C2B_JAVA_OPTIONS=" + heap),
              "sh",
              "-c",
              "\"$0\" generate-completion bash 2>&1 >/dev/null",
              program);
      assertThat(complaints).as(heap).isEmpty();
    }
  }

  private static void assertManualPages(BareDebian debian) throws IOException {
    Path expected = directory.resolve("documents");
    Documents.main(new String[] {expected.toString(), "0"});
    try (Stream<Path> pages = Files.list(expected.resolve("man"))) {
      for (Path page : pages.toList()) {
        String name = page.getFileName().toString();
        assertThat(debian.run("mandoc", "-T", "lint", "/usr/share/man/man1/" + name + ".gz"))
            .isEmpty();
        assertThat(debian.run("man", name.replace(".1", ""))).contains("EXIT STATUS");
      }
    }
  }

  private static void assertCompletions(BareDebian debian) {
    assertThat(
            debian.run(
                "bash",
                "-c",
                "source /usr/share/bash-completion/completions/container2boot; complete -p"))
        .contains("_complete_container2boot");
    assertThat(
            debian.run(
                "zsh",
                "-f",
                "-c",
                "autoload -U compinit; compinit -D; print $_comps[container2boot]"))
        .isEqualTo("_container2boot\n");
    assertThat(
            debian
                .executeAs(
                    "root:root",
                    List.of("HOME=/tmp"),
                    "fish",
                    "-c",
                    "complete -C 'container2boot build --format '")
                .text())
        .contains("disk", "esp");
  }

  @Test
  void theTarball() throws IOException {
    Path tarball = only(".tar.gz");
    BareDebian debian = bareDebian("tarball");
    Tools.run("tar", "-C", debian.resolve(PLACE), "--no-same-owner", "-xf", tarball);
    String unpacked = PLACE + "/" + tarball.getFileName().toString().replace(".tar.gz", "");
    String program = unpacked + "/bin/container2boot";

    // not nobody's yet: nothing can be prepared, and all works
    assertThat(debian.runAsNobody(List.of(), program, "--version"))
        .matches("container2boot [0-9.]+\\n");
    assertSameDisk(debian, program);

    Tools.run("chown", "-R", "65534:65534", debian.resolve(unpacked));
    assertThat(debian.runAsNobody(List.of(), program, "--version"))
        .startsWith("container2boot: preparing for quick starts");
    assertRuns(debian, program);

    Tools.run("mv", debian.resolve(unpacked), debian.resolve("/opt/elsewhere"));
    assertRuns(debian, "/opt/elsewhere/bin/container2boot");
    assertSameDisk(debian, "/opt/elsewhere/bin/container2boot", ONLY_WITH_CACHE);
    assertThat(debian.resolve("/opt/elsewhere/share/doc/container2boot/LICENSE"))
        .hasSameTextualContentAs(Path.of("LICENSE"));
  }

  @Test
  void theSameSourcesGiveTheSameBytes() throws IOException {
    Path deb = only(".deb");
    Path tarball = only(".tar.gz");
    Path again = directory.resolve("again");
    Tools.run("sh", "-c", "umask 077; exec package/make --output \"$0\"", again);
    assertThat(again.resolve(deb.getFileName())).hasSameBinaryContentAs(deb);
    assertThat(again.resolve(tarball.getFileName())).hasSameBinaryContentAs(tarball);
  }
}
