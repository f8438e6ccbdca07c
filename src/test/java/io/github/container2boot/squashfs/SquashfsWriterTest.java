package io.github.container2boot.squashfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.ExtendedAttributes;
import io.github.container2boot.tree.Fifo;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.SymbolicLink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SquashfsWriterTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "gzip:6", "zstd", "zstd:15", "xz", "lz4", "lz4:9", "lzo"})
  void weReadWhatWeWrite(String compression) throws IOException {
    FileTree tree = Images.everything();
    Path image = directory.resolve("image");

    Images.write(image, tree, Images.options(compression));

    try (FileChannel file = FileChannel.open(image)) {
      FileTree read = SquashfsImage.read(Content.ofFile(file, 0, file.size())).tree();
      Listing.assertSame(Listing.of(read), Listing.of(tree));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "gzip:6", "zstd", "zstd:15", "xz", "lz4", "lz4:9", "lzo"})
  void unsquashfsReadsIt(String compression) throws IOException {
    Tools.require("unsquashfs");
    Tools.requireRoot();
    FileTree tree = Images.everything();
    Path image = directory.resolve("image");

    Images.write(image, tree, Images.options(compression));
    Path unpacked = directory.resolve("unpacked");
    Tools.run("unsquashfs", "-n", "-q", "-d", unpacked, image);

    Listing.assertSame(Listing.of(unpacked), Listing.withoutXattrs(Listing.of(tree)));
  }

  @Test
  void largeDirectoriesAreReadToo() throws IOException {
    FileTreeBuilder builder = Images.builder();
    for (int index = 0; index < 3000; index++) {
      builder.put(
          "large/a longer name to fill the directory %05d".formatted(index), Images.file(""));
    }
    FileTree tree = builder.build();
    Path image = directory.resolve("image");
    Images.write(image, tree, Images.options("zstd"));
    try (OpenImage read = OpenImage.open(image)) {
      Listing.assertSame(Listing.of(read.tree()), Listing.of(tree));
    }
  }

  @Test
  void threadsChangeNothing() throws IOException {
    FileTree tree = Images.everything();
    for (int threads : new int[] {1, 2, 7}) {
      SquashfsOptions options =
          new SquashfsOptions(
              CompressionSettings.parse("zstd:3"), Images.BLOCK, Images.TIME, threads);
      Images.write(directory.resolve("with" + threads), tree, options);
    }
    assertThat(directory.resolve("with2")).hasSameBinaryContentAs(directory.resolve("with1"));
    assertThat(directory.resolve("with7")).hasSameBinaryContentAs(directory.resolve("with1"));
  }

  /// Changes only with the format version of cached images, or with libzstd.
  @Test
  void golden() throws IOException {
    Path image = directory.resolve("image");
    Images.write(image, Images.everything(), Images.options("zstd:6"));
    assertThat(Listing.sha256Of(image))
        .isEqualTo("41fd5befc00c45ecc8e63fe68228df168a2b6e8a4d094a864c848751481dd146");
  }

  @Test
  void theSameDataIsStoredOnce() throws IOException {
    byte[] large = Images.incompressible(10 * Images.BLOCK + 100, 1);
    byte[] small = Images.incompressible(5000, 2);
    Images.write(
        directory.resolve("once"),
        Images.builder().put("a", Images.file(large)).put("b", Images.file(small)).build(),
        Images.options("zstd"));
    Images.write(
        directory.resolve("thrice"),
        Images.builder()
            .put("a", Images.file(large))
            .put("b", Images.file(small))
            .put("c", Images.file(large))
            .put("d", Images.file(small))
            .put("e", Images.file(large))
            .build(),
        Images.options("zstd"));
    assertThat(Files.size(directory.resolve("thrice")))
        .isEqualTo(Files.size(directory.resolve("once")));
  }

  @Test
  void hugeHolesCostOnlyTheirBlockList() throws IOException {
    FileTree tree =
        Images.builder()
            .put("hole", new RegularFile(Images.attributes(0644), Content.hole((1L << 37) + 12345)))
            .build();
    Path image = directory.resolve("image");
    Images.write(image, tree, Images.options("zstd"));
    assertThat(Files.size(image)).isLessThan(128 << 10);
    try (FileChannel file = FileChannel.open(image)) {
      FileTree read = SquashfsImage.read(Content.ofFile(file, 0, file.size())).tree();
      RegularFile hole = (RegularFile) read.find("hole").orElseThrow();
      assertThat(hole.content().sizeBytes()).isEqualTo((1L << 37) + 12345);
      assertThat(hole.content().slice(1L << 36, 100).toByteArray()).containsOnly(0);
    }
  }

  @Test
  void aHoleOfPetabytesIsRefused() throws IOException {
    try (FileChannel file = Images.create(directory.resolve("image"));
        BlockWorkers workers = BlockWorkers.start(Images.options("zstd"));
        SquashfsWriter writer = SquashfsWriter.create(file, workers)) {
      assertThatThrownBy(() -> writer.store(sink -> sink.hole(1L << 55)))
          .isInstanceOf(SquashfsLimitException.class)
          .hasMessage(
              "SquashFS cannot hold so many blocks of 16384 bytes: found 2199023255552, expected at"
                  + " most 16777216");
    }
  }

  @Test
  void aSourceThatFailsLeavesNothingHanging() throws IOException {
    try (FileChannel file = Images.create(directory.resolve("image"));
        BlockWorkers workers = BlockWorkers.start(Images.options("zstd"));
        SquashfsWriter writer = SquashfsWriter.create(file, workers)) {
      assertThatThrownBy(() ->
              writer.store(sink -> {
                sink.data(ByteBuffer.wrap(Images.compressible(40 * Images.BLOCK, 1)));
                throw new IOException("archive ends too soon");
              }))
          .isInstanceOf(IOException.class)
          .hasMessage("archive ends too soon");
      assertThatThrownBy(() -> writer.finish(Images.builder().build()))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void moreOwnersThanTheFormatCountsAreRefused() {
    FileTreeBuilder builder = Images.builder();
    for (int index = 0; index < 65535; index++) {
      builder.put(
          "" + index,
          new Fifo(
              new Attributes(0600, 100_000 + index, 0, Images.TIME, ExtendedAttributes.none())));
    }
    assertThatThrownBy(() ->
            Images.write(directory.resolve("image"), builder.build(), Images.options("zstd:1")))
        .isInstanceOf(SquashfsLimitException.class)
        .hasMessageContaining("owners and groups: found 65536, expected at most 65535");
  }

  @Test
  void whatDoesNotFitIsRefused() {
    FileTree tree =
        Images.builder()
            .put(
                "link",
                new SymbolicLink(Images.attributes(0777), ByteString.utf8("x".repeat(5000))))
            .build();
    assertThatThrownBy(() -> Images.write(directory.resolve("image"), tree, Images.options("zstd")))
        .isInstanceOf(SquashfsLimitException.class)
        .hasMessageContaining("so long a symbolic link: found 5000, expected at most 4095");
  }
}
