package io.github.container2boot.squashfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.ExtendedAttributes;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DroppedXattrsTest {
  private static final ByteString ACL = ByteString.utf8("system.posix_acl_access");

  @TempDir Path directory;

  private final RegularFile file =
      new RegularFile(
          Images.attributes(0644)
              .withXattrs(
                  ExtendedAttributes.of(
                      Map.of(
                          ACL,
                          ByteString.utf8("x"),
                          ByteString.utf8("user.kept"),
                          ByteString.utf8("y")))),
          Content.empty());

  @Test
  void countsInodesOnceAndNamesTheFirst() {
    FileTree tree = Images.builder().put("b", file).put("a/linked", file).build();
    DroppedXattrs dropped = DroppedXattrs.of(tree);
    assertThat(dropped.count()).isEqualTo(1);
    assertThat(dropped.first()).contains(new DroppedXattrs.First(TreePath.of("a/linked"), ACL));
    assertThat(DroppedXattrs.of(Images.everything()).first()).isEmpty();
  }

  @Test
  void theRestIsKept() throws IOException {
    Path image = directory.resolve("image");
    Images.write(image, Images.builder().put("b", file).build(), Images.options("zstd"));
    try (OpenImage read = OpenImage.open(image)) {
      assertThat(read.tree().find("b").orElseThrow().attributes().xattrs())
          .isEqualTo(ExtendedAttributes.of("user.kept", ByteString.utf8("y")));
    }
  }
}
