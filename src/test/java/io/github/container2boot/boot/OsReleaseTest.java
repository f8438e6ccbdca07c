package io.github.container2boot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.FileTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OsReleaseTest {
  /// In this table `~` stands for a single quote.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "debian | debian",
        "\"Debian GNU/Linux 13 (trixie)\" | Debian GNU/Linux 13 (trixie)",
        "~Alma Linux~ | Alma Linux",
        "\"a \\\"b\\\" c\" | a \"b\" c",
        "\"cost \\$5 \\` \\\\ \\n\" | cost $5 ` \\ \\n",
        "~a \\ b $(x)~ | a \\ b $(x)",
        "one\\ word | one word",
        "first second | first",
        "\"a\"b~c~ | abc",
        "\"open | open",
      })
  void unquotesAsAShellWould(String written, String value) {
    String line = "NAME=" + written.strip().replace('~', '\'');
    assertThat(OsRelease.parse(line.getBytes(UTF_8)).get("NAME"))
        .contains(value.replace('~', '\''));
  }

  @Test
  void passesOverWhatIsNoAssignment() {
    OsRelease release =
        OsRelease.parse(
            "# comment\n\n  ID=fedora\r\nexport X=1\nVERSION-ID=3\nVERSION_ID=44\nIMAGE_VERSION=7\n"
                .getBytes(UTF_8));
    assertThat(release.id()).isEqualTo("fedora");
    assertThat(release.versionId()).contains("44");
    assertThat(release.imageVersion()).contains("7");
    assertThat(release.values()).hasSize(3);
  }

  @Test
  void hasTheDefaultsOfTheManual() {
    OsRelease release = OsRelease.parse(new byte[0]);
    assertThat(release.id()).isEqualTo("linux");
    assertThat(release.prettyName()).isEqualTo("Linux");
    assertThat(release.distribution()).isEqualTo(Distribution.OTHER);
  }

  @Test
  void doesNotTakeAnIdThatCouldNotNameADirectory() {
    assertThat(OsRelease.parse("ID=../../evil".getBytes(UTF_8)).id()).isEqualTo("linux");
    assertThat(OsRelease.parse("ID=\"a/b\"".getBytes(UTF_8)).id()).isEqualTo("linux");
  }

  @Test
  void leavesControlCharactersOut() {
    OsRelease release = OsRelease.parse("PRETTY_NAME=\"a\u001b[31m\u202eb\u0000\"".getBytes(UTF_8));
    assertThat(release.prettyName()).isEqualTo("a[31mb");
  }

  @ParameterizedTest
  @CsvSource({
    "ID=ubuntu,UBUNTU",
    "ID=linuxmint\\nID_LIKE=\"ubuntu debian\",UBUNTU",
    "ID=almalinux,FEDORA",
    "ID=nobara\\nID_LIKE=fedora,FEDORA",
    "ID=opensuse-tumbleweed,SUSE",
    "ID=sles,SUSE",
    "ID=arch,ARCH",
    "ID=alpine,ALPINE",
    "ID=nixos,OTHER",
  })
  void knowsItsFamily(String text, Distribution family) {
    assertThat(OsRelease.parse(text.replace("\\n", "\n").getBytes(UTF_8)).distribution())
        .isEqualTo(family);
  }

  @Test
  void isFoundThroughLinks() throws Exception {
    FileTree root =
        new Roots()
            .link("/etc/os-release", "../usr/lib/os-release")
            .file("/usr/lib/os-release", "ID=debian\n")
            .build();
    assertThat(OsRelease.of(root).id()).isEqualTo("debian");
  }

  @Test
  void isMissing() {
    assertThatThrownBy(() -> OsRelease.of(new Roots().build()))
        .isInstanceOf(BootException.class)
        .hasMessage("no os-release: looked for /etc/os-release, /usr/lib/os-release");
  }

  @Test
  void isNotReadWhenLarge() {
    FileTree root = new Roots().file("/etc/os-release", Content.hole(1L << 40)).build();
    assertThatThrownBy(() -> OsRelease.of(root))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("at most 65536 bytes");
  }
}
