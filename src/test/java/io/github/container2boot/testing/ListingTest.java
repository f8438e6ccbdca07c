package io.github.container2boot.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.ExtendedAttributes;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.SymbolicLink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A comparison is worth what it notices.
class ListingTest {
  private static final Attributes PLAIN = Attributes.ofRoot(0_755, Instant.ofEpochSecond(5));

  @TempDir private Path directory;

  @BeforeEach
  void makeFiles() {
    Tools.require("find", "xargs", "stat", "sha256sum", "getfattr", "setfattr");
    Tools.requireRoot();
    script(
        """
        mkdir dir && echo data >dir/a && ln dir/a "$(printf 'b\\n\\377')" && ln -s '../x y' dir/link
        chown 5:4000000000 dir/a && chmod 4755 dir/a && setfattr -n user.x -v 0x00ff dir/a
        touch -hd @5 dir/a dir/link dir . && chmod 755 . dir
        """);
  }

  @Test
  void readsTheSameFromADirectoryAndFromATree() throws IOException {
    RegularFile file =
        new RegularFile(
            new Attributes(
                0_4755,
                5,
                4_000_000_000L,
                Instant.ofEpochSecond(5),
                ExtendedAttributes.of("user.x", ByteString.of((byte) 0, (byte) 0xff))),
            Content.of("data\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    ByteString odd = ByteString.of((byte) 'b', (byte) '\n', (byte) 0xff);
    FileTreeBuilder tree =
        new FileTreeBuilder(PLAIN)
            .put("/dir", Directory.empty(PLAIN))
            .put("/dir/a", file)
            .put(
                io.github.container2boot.tree.TreePath.root()
                    .child(new io.github.container2boot.tree.FileName(odd)),
                file)
            .put(
                "/dir/link",
                new SymbolicLink(
                    Attributes.ofRoot(0_777, Instant.ofEpochSecond(5)), ByteString.utf8("../x y")));

    assertThat(Listing.of(tree.build()).differences(Listing.read(directory))).isEmpty();
  }

  @Test
  void noticesEveryChange() {
    Listing before = Listing.read(directory);
    for (String change :
        new String[] {
          "chmod 755 dir/a",
          "chown 6 dir/a",
          "chown :7 dir/a",
          "touch -d @6 dir/a",
          "echo more >>dir/a; touch -d @5 dir/a",
          "printf DATA | dd of=dir/a conv=notrunc",
          "setfattr -n user.x -v 0x00fe dir/a",
          "setfattr -x user.x dir/a",
          "cp -a dir/a dir/c && mv dir/c dir/a",
          "ln -sfn ../y dir/link",
          "rm dir/link",
          "touch dir/new",
          "rm dir/a; mkfifo dir/a"
        }) {
      script(change);
      Listing after = Listing.read(directory).withoutDirectoryTimes();
      assertThat(before.withoutDirectoryTimes().differences(after)).as(change).isNotEmpty();
      before = after;
    }
  }

  private void script(String text) {
    Tools.Result result = Tools.execute(directory, "sh", "-ec", text);
    assertThat(result.exitCode()).as(result.text()).isZero();
  }
}
