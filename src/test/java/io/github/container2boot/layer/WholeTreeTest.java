package io.github.container2boot.layer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.squashfs.BlockWorkers;
import io.github.container2boot.squashfs.SquashfsOptions;
import io.github.container2boot.testing.Listing;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.ExtendedAttributes;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.Socket;
import io.github.container2boot.tree.SymbolicLink;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A tree that was no archive, as the only layer.
class WholeTreeTest {
  private static final Attributes PLAIN = Attributes.ofRoot(0_644, Instant.ofEpochSecond(7));
  private static final ByteString ACL = ByteString.utf8("system.posix_acl_access");

  @TempDir private Path directory;

  private static Attributes with(String... names) {
    ExtendedAttributes xattrs = ExtendedAttributes.none();
    for (String name : names) {
      xattrs = xattrs.with(ByteString.utf8(name), ByteString.utf8("y"));
    }
    return PLAIN.withXattrs(xattrs);
  }

  /// Whatever looks like a mark of a layer, in every place.
  private static FileTree tree() {
    RegularFile linked = new RegularFile(with("user.mine"), Content.of("linked".getBytes(UTF_8)));
    RegularFile mark =
        new RegularFile(with("trusted.container2boot.hardlink"), Content.of(new byte[0]));
    return new FileTreeBuilder(with("trusted.overlay.opaque", "trusted.overlay.redirect"))
        .put("a/b", Directory.empty(with("trusted.overlay.opaque", "user.overlay.opaque")))
        .put("a/device", new DeviceNode(with("user.x"), DeviceNode.Kind.CHARACTER, 0, 0))
        .put("a/implied", Directory.empty(with("trusted.container2boot.implied")))
        .put("a/link", mark)
        .put("a/.wh.name", new RegularFile(PLAIN, Content.of("data".getBytes(UTF_8))))
        .put("a/.wh..wh..opq", new RegularFile(PLAIN, Content.empty()))
        .put("one", linked)
        .put("two", linked)
        .put("socket", new Socket(PLAIN))
        .put("symbolic", new SymbolicLink(PLAIN, ByteString.utf8("/one")))
        .build();
  }

  @Test
  void nothingOfItIsTakenForAMark() throws IOException {
    Listing merged = Listing.of(merged(WholeTree.asLayer(tree())));
    assertThat(merged.differences(Listing.of(tree()))).isEmpty();
    assertThat(merged.entries()).containsKey(ByteString.utf8("./a/.wh..wh..opq"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anImageHoldsIt(int threads) throws IOException {
    SquashfsOptions options =
        new SquashfsOptions(CompressionSettings.parse("zstd:1"), 4096, Instant.EPOCH, threads);
    try (FileChannel file =
            FileChannel.open(
                directory.resolve("image"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        BlockWorkers workers = BlockWorkers.start(options)) {
      LayerImage.write(tree(), file, workers);
      FileTree read = LayerImage.read(Content.ofFile(file, 0, file.size())).tree();
      assertThat(Listing.of(merged(read)).differences(Listing.of(tree()))).isEmpty();
    }
  }

  @Test
  void accessControlListsAreDroppedAndCounted() throws IOException {
    Map<ByteString, ByteString> both =
        Map.of(ACL, ByteString.utf8("x"), ByteString.utf8("user.kept"), ByteString.utf8("y"));
    RegularFile file =
        new RegularFile(PLAIN.withXattrs(ExtendedAttributes.of(both)), Content.empty());
    FileTree layer =
        WholeTree.asLayer(
            new FileTreeBuilder(PLAIN).put("a/1", file).put("a/2", file).put("b", file).build());

    assertThat(DroppedAttributes.of(layer))
        .contains(new DroppedAttributes(1, ByteString.utf8("/a/1")));
    assertThat(Listing.of(merged(layer)).entries().get(ByteString.utf8("./b")).xattrs())
        .containsOnlyKeys("user.kept");
  }

  private static FileTree merged(FileTree layer) throws IOException {
    return LayerStack.merge(List.of(layer), Instant.EPOCH);
  }
}
