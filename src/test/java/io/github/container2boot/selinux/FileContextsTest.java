package io.github.container2boot.selinux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.ExtendedAttributes;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.SymbolicLink;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileContextsTest {
  private static final String FILES = "/contexts/files/file_contexts";

  @Test
  void storesTheContextWithItsNul() throws IOException {
    FileContexts contexts = contexts("/etc(/.*)? system_u:object_r:etc_t:s0-s0:c0.c1023\n");

    assertThat(contexts.label(TreePath.of("/etc/hosts"), Policies.file("")))
        .contains(ByteString.utf8("system_u:object_r:etc_t:s0-s0:c0.c1023\0"));
  }

  @Test
  void takesTheLastMatch() throws IOException {
    assertThat(label("/.* first\n/etc/.* second\n/etc/h.* third\n/e.* fourth\n", "/etc/hosts"))
        .isEqualTo("fourth");
  }

  @Test
  void takesAnExactLineBeforeAnyExpression() throws IOException {
    assertThat(label("/etc/hosts exact\n/etc/.* expression\n", "/etc/hosts")).isEqualTo("exact");
  }

  @Test
  void takesTheLastOfEqualExactLines() throws IOException {
    assertThat(label("/etc/hosts one\n/etc/hosts two\n", "/etc/hosts")).isEqualTo("two");
  }

  @Test
  void passesOverAnExactLineForAnotherFileType() throws IOException {
    assertThat(label("/etc/.* expression\n/etc/hosts -d exact\n", "/etc/hosts"))
        .isEqualTo("expression");
  }

  @Test
  void treatsEscapedPunctuationAsExact() throws IOException {
    String text = "/a\\.b\\+c\\-d exact\n/a.* expression\n";

    assertThat(label(text, "/a.b+c-d")).isEqualTo("exact");
    assertThat(label(text, "/axb+c-d")).isEqualTo("expression");
  }

  @Test
  void givesNoLabelWhereTheLastMatchSaysNone() throws IOException {
    assertThat(label("/mnt/.* any\n/mnt/[^/]*/.* <<none>>\n", "/mnt/usb/x")).isEqualTo("<<none>>");
    assertThat(label("/mnt/[^/]*/.* <<none>>\n/mnt/.* any\n", "/mnt/usb/x")).isEqualTo("any");
    assertThat(label("/mnt/usb <<none>>\n/mnt/.* any\n", "/mnt/usb")).isEqualTo("<<none>>");
  }

  @Test
  void givesNoLabelWhereNothingMatches() throws IOException {
    assertThat(label("/etc/.* any\n", "/usr")).isEqualTo("<<none>>");
  }

  @ParameterizedTest
  @CsvSource({
    "REGULAR_FILE,--",
    "DIRECTORY,-d",
    "SYMBOLIC_LINK,-l",
    "CHARACTER_DEVICE,-c",
    "BLOCK_DEVICE,-b",
    "SOCKET,-s",
    "FIFO,-p"
  })
  void admitsOnlyTheFileTypeThatALineNames(FileType type, String specifier) throws IOException {
    FileContexts contexts = contexts("/x.* any\n/x.* %s special\n".formatted(specifier));

    for (FileType other : FileType.values()) {
      String label = Matchpathcon.shown(contexts.label(TreePath.of("/x1"), Policies.inode(other)));
      assertThat(label).as(other.name()).isEqualTo(other == type ? "special" : "any");
    }
  }

  @Test
  void readsHomedirsAndLocalAfterTheBase() throws IOException {
    Map<String, String> files =
        Map.of(
            "", "/home/.* base\n/home/a base\n",
            ".homedirs", "/home/[^/]+/.* home\n/home/a/x home\n",
            ".local", "/home/[^/]+/x/.* local\n/home/a local\n");

    assertThat(label(files, "/home/b")).isEqualTo("base");
    assertThat(label(files, "/home/b/c")).isEqualTo("home");
    assertThat(label(files, "/home/b/x/y")).isEqualTo("local");
    assertThat(label(files, "/home/a/x")).isEqualTo("home");
    assertThat(label(files, "/home/a")).isEqualTo("local");
  }

  @Test
  void substitutesByLocalThenByDistribution() throws IOException {
    Map<String, String> files =
        Map.of(
            "", "/.* other\n/usr/lib(/.*)? lib\n/lib64(/.*)? unsubstituted\n",
            ".subs", "  # a comment\n/data /lib64\nhalf\n",
            ".subs_dist", "/lib64 /usr/lib\n");

    assertThat(label(files, "/data/x")).isEqualTo("lib");
    assertThat(label(files, "/lib64")).isEqualTo("lib");
    assertThat(label(files, "/lib64x")).isEqualTo("other");
    assertThat(label(files, "/database")).isEqualTo("other");
  }

  @Test
  void substitutesByTheLastLineThatFitsAndOnlyOnce() throws IOException {
    Map<String, String> files =
        Map.of(
            "", "/.* other\n/a(/.*)? a\n/b(/.*)? b\n/c(/.*)? c\n/ root\n",
            ".subs", "/x/y /b\n/x /a\n/a /c\n/r /\n");

    assertThat(label(files, "/x/y/z")).isEqualTo("a");
    assertThat(label(files, "/a/z")).isEqualTo("c");
    assertThat(label(files, "/r/b/z")).isEqualTo("b");
    assertThat(label(files, "/r")).isEqualTo("root");
  }

  @Test
  void readsLinesAsLibselinuxDoes() throws IOException {
    String text =
        "\t # comment \u00e4\n\n  /a.*\t\u000b--\f one   ignored\n/b.* two\r\n/c.* three\0 four\n/d.* five";

    assertThat(label(text, "/a")).isEqualTo("one");
    assertThat(label(text, "/b")).isEqualTo("two");
    assertThat(label(text, "/c")).isEqualTo("three");
    assertThat(label(text, "/d")).isEqualTo("five");
  }

  @Test
  void matchesBytesNotCharacters() throws IOException {
    FileContexts contexts = contexts("/.. two\n/. one\n");
    TreePath latin = TreePath.parse(ByteString.of(new byte[] {'/', (byte) 0xff}));

    assertThat(Matchpathcon.shown(contexts.label(latin, Policies.file("")))).isEqualTo("one");
    assertThat(Matchpathcon.shown(contexts.label(TreePath.of("/\u00e4"), Policies.file(""))))
        .isEqualTo("two");
  }

  @Test
  void dotMatchesALineFeed() throws IOException {
    assertThat(label("/a/.* any\n", "/a/b\nc")).isEqualTo("any");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELINUXTYPE=mine",
        "# c\nselinuxtype=mine \r\n",
        "SELINUXTYPE=no\n  SELINUXTYPE= mine\n",
        "SELINUX=disabled\nSELINUXTYPE=mine\n"
      })
  void findsThePolicyThatTheConfigurationNames(String configuration) throws IOException {
    FileTree tree =
        Policies.tree(
            Map.of("config", configuration, "mine" + FILES, "/.* any\n", "targeted" + FILES, ""));

    assertThat(FileContexts.of(tree)).map(found -> found.type().toString()).contains("mine");
  }

  @Test
  void findsTargetedThenDefaultWithoutConfiguration() throws IOException {
    FileTree both = Policies.tree(Map.of("default" + FILES, "", "targeted" + FILES, ""));
    FileTree debian = Policies.tree(Map.of("default" + FILES, "", "config", "SELINUXTYPE=\n"));

    assertThat(FileContexts.of(both)).map(found -> found.type().toString()).contains("targeted");
    assertThat(FileContexts.of(debian)).map(found -> found.type().toString()).contains("default");
  }

  @Test
  void findsNothingWithoutPolicy() throws IOException {
    assertThat(FileContexts.of(Policies.tree(Map.of()))).isEmpty();
    assertThat(
            FileContexts.of(
                Policies.tree(Map.of("config", "SELINUXTYPE=mls\n", "targeted" + FILES, ""))))
        .isEmpty();
  }

  @Test
  void followsSymbolicLinksInsideTheTree() throws IOException {
    FileTree tree =
        new FileTreeBuilder(Policies.PLAIN)
            .put(
                "/etc/selinux", new SymbolicLink(Policies.PLAIN, ByteString.utf8("../usr/selinux")))
            .put("/usr/selinux/targeted" + FILES, Policies.file("/.* any\n"))
            .build();

    assertThat(FileContexts.of(tree)).isPresent();
  }

  @Test
  void labelsAWholeTreeAndKeepsItsHardLinks() throws IOException {
    RegularFile shared = Policies.file("data");
    Attributes capable =
        Policies.PLAIN.withXattrs(
            ExtendedAttributes.of("security.capability", ByteString.of(new byte[] {1})));
    Attributes labelled =
        Policies.PLAIN.withXattrs(
            ExtendedAttributes.of("security.selinux", ByteString.utf8("kept\0")));
    FileTree tree =
        new FileTreeBuilder(Policies.PLAIN)
            .put("/a", shared)
            .put("/b", shared)
            .put("/ping", new RegularFile(capable, Content.empty()))
            .put("/none", Directory.empty(labelled))
            .build();

    FileTree result = contexts("/.* any\n/ root\n/none <<none>>\n").relabelled(tree);

    assertThat(result.find("/a").orElseThrow()).isSameAs(result.find("/b").orElseThrow());
    assertThat(labelOf(result.root())).isEqualTo(ByteString.utf8("root\0"));
    assertThat(labelOf(result.find("/a").orElseThrow())).isEqualTo(ByteString.utf8("any\0"));
    assertThat(result.find("/ping").orElseThrow().attributes().xattrs().values()).hasSize(2);
    assertThat(labelOf(result.find("/none").orElseThrow())).isEqualTo(ByteString.utf8("kept\0"));
  }

  private static ByteString labelOf(Inode inode) {
    return inode.attributes().xattrs().get(FileContexts.ATTRIBUTE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a|/etc/selinux/default/contexts/files/file_contexts line 2: found only \"/a\": expected a"
            + " regular expression and a context (at byte 5)",
        "/a -x t|/etc/selinux/default/contexts/files/file_contexts line 2: file type \"-x\":"
            + " expected --, -d, -l, -c, -b, -s or -p (at byte 5)",
        "/\u00e4 t|/etc/selinux/default/contexts/files/file_contexts line 2: expected ASCII only,"
            + " found \"/\\xe4\" (at byte 5)",
      })
  void namesTheLineThatIsWrong(String line, String message) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> contexts("/x z\n" + line + "\n"))
        .withMessage(message);
  }

  @Test
  void namesTheExpressionThatIsWrongWhenItIsNeeded() throws IOException {
    FileContexts contexts = contexts("/.* any\n\n/usr/(a|.* broken\n");

    assertThat(contexts.label(TreePath.of("/etc"), Policies.file(""))).isPresent();
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> contexts.label(TreePath.of("/usr/x"), Policies.file("")))
        .withMessage(
            "/etc/selinux/default/contexts/files/file_contexts line 3: regular expression"
                + " ^/usr/(a|.*$, at its character 12: ( without its )");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELINUXTYPE=../../etc\n", "SELINUXTYPE=..\n", "SELINUXTYPE=a/b\n"})
  void refusesAPolicyNameThatIsAPath(String configuration) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> FileContexts.of(Policies.tree(Map.of("config", configuration))))
        .withMessageStartingWith("/etc/selinux/config line 1: SELINUXTYPE is \"");
  }

  @Test
  void refusesAPolicyThatIsOnlyCompiled() {
    assertThatExceptionOfType(FormatException.Unsupported.class)
        .isThrownBy(() -> FileContexts.of(Policies.policy(Map.of(".bin", "\u00f9\u007c"))))
        .withMessageContaining("file_contexts is missing, only its compiled form is there");
  }

  @Test
  void refusesAFileThatIsFarTooLarge() {
    FileTree tree =
        new FileTreeBuilder(Policies.PLAIN)
            .put(
                "/etc/selinux/targeted" + FILES,
                new RegularFile(Policies.PLAIN, Content.hole(1L << 40)))
            .build();

    assertThatExceptionOfType(FormatException.Unsupported.class)
        .isThrownBy(() -> FileContexts.of(tree))
        .withMessageContaining("has 1099511627776 bytes: expected at most 16777216");
  }

  /// Each of these takes a backtracking engine years, or its whole stack.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/(a+)+b",
        "/(a|a)*b",
        "/(a|aa)+b",
        "/((a*)*)*b",
        "/(.*)*(.*)*(.*)*(.*)*b",
        "/(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(?!)",
        "/(?=(a+)+b)a*",
        "/(.|a)*b",
        "/(((((a{0,9}){0,9}){0,9}){0,9}){0,9}){0,9}b",
        "/((((){9999}){9999}){9999}){9999}",
        "/(a{0,65535}){0,65535}"
      })
  void isDoneSoonWithHostileExpressions(String expression) throws IOException {
    FileContexts contexts = contexts(expression + " any\n");
    TreePath path = TreePath.of(("/" + "a".repeat(200)).repeat(20));

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          try {
            contexts.label(path, Policies.file(""));
            contexts.label(TreePath.of("/" + "a".repeat(250)), Policies.file(""));
          } catch (FormatException refused) {
            assertThat(refused).hasMessageContaining("file_contexts line 1: ");
          }
        });
  }

  @Test
  void refusesNestingThatWouldEndTheStack() {
    String expression = "/" + "(".repeat(2000) + ")".repeat(2000);

    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> label(expression + " any\n", "/a"))
        .withMessageContaining("parentheses nested deeper than 250");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/(a)\\1", "/(?R)", "/(?1)", "/(?(1)a)", "/(*FAIL)", "/(?x)ab", "/(?m)a", "/\\pL"})
  void refusesWhatIsNotRegular(String expression) {
    assertThatExceptionOfType(FormatException.Unsupported.class)
        .isThrownBy(() -> label(expression + " any\n", "/a"))
        .withMessageContaining("file_contexts line 1: regular expression ^");
  }

  @ParameterizedTest
  @EnumSource(FileType.class)
  void survivesCorruptPolicies(FileType type) throws IOException {
    String sound =
        """
        /.* system_u:object_r:default_t:s0
        /usr/(.*/)?bin(/[^/-]*)? -- system_u:object_r:bin_t:s0
        /dev/[0-9]{1,3}(a|b)\\.x+ -c <<none>>
        /etc/[[:alpha:]]+ system_u:object_r:etc_t:s0
        """;
    Random random = new Random(type.ordinal());
    for (int round = 0; round < 400; round++) {
      byte[] bytes = sound.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
      for (int change = 0; change <= round % 5; change++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
      try {
        FileContexts contexts =
            FileContexts.of(Policies.policy(Map.of("", text, ".subs", text, ".local", text)))
                .orElseThrow();
        for (String path : new String[] {"/", "/usr/lib/bin/a", "/dev/12ab.x", "/etc/hosts"}) {
          contexts.label(TreePath.of(path), Policies.inode(type));
        }
      } catch (FormatException expected) {
        assertThat(expected).hasMessageContaining(" line ");
      }
    }
  }

  private static FileContexts contexts(String text) throws IOException {
    return FileContexts.of(Policies.policy(Map.of("", text))).orElseThrow();
  }

  private static String label(String text, String path) throws IOException {
    return label(Map.of("", text), path);
  }

  private static String label(Map<String, String> files, String path) throws IOException {
    FileContexts contexts = FileContexts.of(Policies.policy(files)).orElseThrow();
    return Matchpathcon.shown(contexts.label(TreePath.of(path), Policies.file("")));
  }
}
