package io.github.container2boot.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileTreeTest {
  private static final Attributes PLAIN = Attributes.ofRoot(0_755, Instant.EPOCH);

  @Test
  void directoriesOnTheWayAppearAndNamesAreInOrder() {
    FileTree tree =
        new FileTreeBuilder(PLAIN)
            .put("/b/file", file())
            .put("/a", file())
            .put("/b/A", file())
            .build();
    assertThat(paths(tree)).containsExactly("/", "/a", "/b", "/b/A", "/b/file");
  }

  @Test
  void aDirectoryOverADirectoryKeepsTheEntriesAndTakesTheAttributes() {
    FileTree tree =
        new FileTreeBuilder(PLAIN)
            .put("/d/file", file())
            .put("/d", Directory.empty(Attributes.ofRoot(0_700, Instant.EPOCH)))
            .build();
    assertThat(paths(tree)).containsExactly("/", "/d", "/d/file");
    assertThat(tree.find("/d").orElseThrow().attributes().permissions()).isEqualTo(0_700);
  }

  @Test
  void anythingElseReplacesWhatWasThere() {
    FileTree tree = new FileTreeBuilder(PLAIN).put("/d/file", file()).put("/d", file()).build();
    assertThat(paths(tree)).containsExactly("/", "/d");
  }

  @Test
  void whatIsTakenAwayIsGoneAndTheRestIsShared() {
    FileTree tree = new FileTreeBuilder(PLAIN).put("/a/b/c", file()).put("/a/d/e", file()).build();
    assertThat(paths(tree.without(TreePath.of("/a/b"))))
        .containsExactly("/", "/a", "/a/d", "/a/d/e");
    assertThat(tree.without(TreePath.of("/a/b")).find("/a/d")).isEqualTo(tree.find("/a/d"));
    assertThat(tree.without(TreePath.of("/a/x/y"))).isSameAs(tree);
  }

  @Test
  void aHardLinkStaysOneWhenAttributesChange() {
    RegularFile shared = file();
    FileTree tree = new FileTreeBuilder(PLAIN).put("/a", shared).put("/b", shared).build();
    List<TreePath> asked = new ArrayList<>();
    FileTree changed =
        tree.withAttributes(
            new FileTree.AttributeChange<TreePath, RuntimeException>() {
              @Override
              public TreePath root() {
                return TreePath.root();
              }

              @Override
              public TreePath below(TreePath directory, FileName name) {
                return directory.child(name);
              }

              @Override
              public Attributes attributes(TreePath path, Inode inode) {
                asked.add(path);
                return inode.attributes().withModified(Instant.ofEpochSecond(9));
              }
            });
    assertThat(changed.find("/a")).isEqualTo(changed.find("/b"));
    assertThat(changed.find("/a").orElseThrow().attributes().modified().getEpochSecond())
        .isEqualTo(9);
    assertThat(asked).hasToString("[/, /a]");
  }

  @ParameterizedTest
  @CsvSource({
    "/lib/x, /usr/lib/x",
    "/up/lib/x, /usr/lib/x",
    "/usr/relative/x, /usr/lib/x",
    "/loop,",
    "/dangling,",
    "/usr/lib/x/y,",
  })
  void linksAreFollowedAndNeverOutOfTheRoot(String path, String expected) {
    FileTree tree =
        new FileTreeBuilder(PLAIN)
            .put("/usr/lib/x", file())
            .put("/lib", link("usr/lib"))
            .put("/up", link("../../../usr"))
            .put("/usr/relative", link("./lib/"))
            .put("/loop", link("/loop"))
            .put("/dangling", link("/nowhere/at/all"))
            .build();
    assertThat(tree.resolve(TreePath.of(path)).map(TreePath::toString).orElse(null))
        .isEqualTo(expected);
  }

  @Test
  void pathsAreReadAsArchivesWriteThem() throws FormatException {
    assertThat(TreePath.parse(ByteString.utf8("./usr//bin/."))).hasToString("/usr/bin");
    assertThat(TreePath.parse(ByteString.utf8("/"))).isEqualTo(TreePath.root());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../etc/passwd", "a/../../b", "a\0b"})
  void pathsThatLieAreRefused(String path) {
    assertThatThrownBy(() -> TreePath.parse(ByteString.utf8(path)))
        .isInstanceOf(FormatException.Malformed.class);
  }

  @Test
  void pathsLongerThanLinuxTakesAreRefused() {
    assertThatThrownBy(() -> TreePath.parse(ByteString.utf8("a/".repeat(513))))
        .hasMessage("path of 513 names: expected at most 512");
    assertThatThrownBy(() -> TreePath.parse(ByteString.utf8("a/".repeat(3000))))
        .hasMessage("path of 6000 bytes: expected at most 4096");
    assertThatThrownBy(() -> TreePath.parse(ByteString.utf8("n".repeat(256))))
        .hasMessageContaining("longer than 255 bytes");
  }

  private static RegularFile file() {
    return new RegularFile(PLAIN, Content.empty());
  }

  private static SymbolicLink link(String target) {
    return new SymbolicLink(PLAIN, ByteString.utf8(target));
  }

  private static List<String> paths(FileTree tree) {
    List<String> paths = new ArrayList<>();
    tree.walk((path, _) -> paths.add(path.toString()));
    return paths;
  }
}
