package io.github.container2boot.squashfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The kernel's own opinion: it mounts our images and finds in them what we put there.
class KernelTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "gzip:6", "zstd", "zstd:19", "xz", "lz4", "lz4:9", "lzo"})
  void everyCompressor(String compression) throws IOException {
    assertMountsAs(Images.options(compression));
  }

  @ParameterizedTest
  @ValueSource(ints = {4 << 10, 128 << 10, 1 << 20})
  void everyBlockSize(int blockSize) throws IOException {
    for (String compression : List.of("zstd", "xz")) {
      assertMountsAs(
          new SquashfsOptions(CompressionSettings.parse(compression), blockSize, Images.TIME, 2));
    }
  }

  private void assertMountsAs(SquashfsOptions options) throws IOException {
    FileTree tree = Images.everything();
    Path image = directory.resolve("image");
    Images.write(image, tree, options);
    try (KernelMount mount = KernelMount.of(image)) {
      Listing.assertSame(Listing.of(mount.root()), Listing.withoutXattrs(Listing.of(tree)));
    }
  }

  @Test
  void extendedAttributes() throws IOException {
    Tools.require("getfattr");
    Path image = directory.resolve("image");
    Images.write(image, Images.everything(), Images.options("zstd"));
    try (KernelMount mount = KernelMount.of(image)) {
      assertThat(attributes(mount, "capable"))
          .containsExactly("security.capability=0x0100000280040000000000000000000000000000");
      assertThat(attributes(mount, "attributed"))
          .hasSize(3)
          .contains("trusted.overlay.opaque=0x79", "user.small=0x78");
      assertThat(attributes(mount, "attributed link")).containsExactly("trusted.t=0x74");
      String large = attributes(mount, "attributed too").getFirst();
      assertThat(large).startsWith("trusted.other=0x").hasSize("trusted.other=0x".length() + 6000);
      assertThat(attributes(mount, "attributed"))
          .contains(large.replace("trusted.other", "user.large"));
    }
  }

  private static List<String> attributes(KernelMount mount, String name) {
    return Tools.run("getfattr", "-h", "-d", "-m", ".", "-e", "hex", mount.root().resolve(name))
        .lines()
        .filter(line -> line.contains("="))
        .toList();
  }

  /// Lookups go through the directory index; names that are not text must be found in it too.
  @Test
  void everyNameOfALargeDirectoryIsFound() throws IOException {
    FileTreeBuilder builder = Images.builder();
    for (int index = 0; index < 5000; index++) {
      byte[] name = "%05d a name to fill the directory with".formatted(index).getBytes();
      name[6] = (byte) (index * 31 % 255 + 1 == '/' ? 'x' : index * 31 % 255 + 1);
      builder.put(
          TreePath.of("large").child(new FileName(ByteString.of(name))), Images.file("" + index));
    }
    Path image = directory.resolve("image");
    Images.write(image, builder.build(), Images.options("zstd"));
    try (KernelMount mount = KernelMount.of(image)) {
      String sizes =
          Tools.run("find", mount.root().resolve("large"), "-type", "f", "-printf", "%s\n");
      assertThat(sizes.lines()).hasSize(5000);
      Tools.run("sh", "-c", "cat " + mount.root().resolve("large") + "/* > /dev/null");
    }
  }

  @Test
  void filesOverFourGibibytes() throws IOException {
    long hole = 5L << 30;
    byte[] end = Images.compressible(Images.BLOCK + 5, 1);
    Content content = Content.concatenation(List.of(Content.hole(hole), Content.of(end)));
    Path image = directory.resolve("image");
    Images.write(
        image,
        Images.builder().put("large", new RegularFile(Images.attributes(0644), content)).build(),
        Images.options("zstd"));
    try (KernelMount mount = KernelMount.of(image)) {
      assertEnd(mount.root().resolve("large"), hole, end);
    }
  }

  /// A file that lies behind the first four gibibytes of an image: those are a hole which another
  /// image stores as it is, so that nothing has to be compressed.
  @Test
  void imagesOverFourGibibytes() throws IOException {
    int block = Superblock.LARGEST_BLOCK_BYTES;
    long hole = 5L << 30;
    SquashfsOptions options =
        new SquashfsOptions(CompressionSettings.parse("zstd"), block, Images.TIME, 2);
    int[] words = new int[(int) (hole / block)];
    Arrays.fill(words, BlockSize.uncompressed(block));
    BlockStore store =
        new BlockStore(
            Content.hole(1 + hole), options.compression().compression(), block, List.of());
    StoredFile zeros = new StoredFile(store, hole, Placement.inBlocks(1, BlockList.of(words)));
    byte[] data = Images.incompressible(block + 5, 2);
    FileTree tree =
        Images.builder()
            .put("a", new RegularFile(Images.attributes(0644), zeros))
            .put("b", Images.file(data))
            .build();
    Path image = directory.resolve("image");
    try (FileChannel scratch = Images.create(directory.resolve("scratch"))) {
      Images.write(image, SquashfsAssembler.assemble(tree, options, scratch).content());
    }
    try (KernelMount mount = KernelMount.of(image);
        OpenImage read = OpenImage.open(image)) {
      assertEnd(mount.root().resolve("b"), 0, data);
      assertThat(Files.size(mount.root().resolve("a"))).isEqualTo(hole);
      RegularFile file = (RegularFile) read.tree().find("b").orElseThrow();
      assertThat(file.content().toByteArray()).isEqualTo(data);
    }
  }

  private static void assertEnd(Path file, long offset, byte[] end) throws IOException {
    assertThat(Files.size(file)).isEqualTo(offset + end.length);
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer found = ByteBuffer.allocate(end.length);
      while (found.hasRemaining() && channel.read(found, offset + found.position()) > 0) {}
      assertThat(found.array()).isEqualTo(end);
    }
  }
}
