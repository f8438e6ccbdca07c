package io.github.container2boot.squashfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SquashfsAssemblerTest {
  @TempDir Path directory;

  private final SquashfsOptions options = Images.options("zstd:3");

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "xz", "lz4", "lzo"})
  void aWholeImageBecomesItself(String compression) throws IOException {
    SquashfsOptions same = Images.options(compression);
    try (OpenImage image = written("image", Images.everything(), same)) {
      Path result = assembled(image.tree(), same, 0);
      assertThat(result).hasSameBinaryContentAs(directory.resolve("image"));
    }
  }

  @Test
  void layersAreMergedWithoutCompressingAgain() throws IOException {
    try (OpenImage lower = written("lower", Images.everything(), options);
        OpenImage upper =
            written(
                "upper",
                Images.builder()
                    .put("small", Images.file("changed"))
                    .put("many blocks", Images.file(Images.compressible(8 * Images.BLOCK + 1, 70)))
                    .put("new", Images.file(Images.compressible(3 * Images.BLOCK, 71)))
                    .build(),
                options)) {
      FileTree tree = merged(lower.tree(), upper.tree());

      Path result = assembled(tree, options, 0);

      try (OpenImage read = OpenImage.open(result)) {
        Listing.assertSame(Listing.of(read.tree()), Listing.of(tree));
      }
    }
  }

  @Test
  void unsquashfsAndTheKernelReadIt() throws IOException {
    Tools.require("unsquashfs");
    Tools.requireRoot();
    try (OpenImage lower = written("lower", Images.everything(), options);
        OpenImage upper =
            written("upper", Images.builder().put("small", Images.file("x")).build(), options)) {
      FileTree tree = merged(lower.tree(), upper.tree());
      Path result = assembled(tree, options, 0);
      List<String> expected = Listing.withoutXattrs(Listing.of(tree));

      Path unpacked = directory.resolve("unpacked");
      Tools.run("unsquashfs", "-n", "-q", "-d", unpacked, result);
      Listing.assertSame(Listing.of(unpacked), expected);

      try (KernelMount mount = KernelMount.of(result)) {
        Listing.assertSame(Listing.of(mount.root()), expected);
      }
    }
  }

  @Test
  void nothingHiddenIsLeft() throws IOException {
    byte[] hiddenTail = Images.incompressible(900, 81);
    byte[] hiddenBlocks = Images.incompressible(3 * Images.BLOCK, 82);
    FileTree lower =
        Images.builder()
            .put("a", Images.file(Images.compressible(900, 83)))
            .put("b hidden", Images.file(hiddenTail))
            .put("c", Images.file(Images.compressible(900, 84)))
            .put("d hidden", Images.file(hiddenBlocks))
            .put("e", Images.file(Images.compressible(3 * Images.BLOCK, 85)))
            .build();
    try (OpenImage image = written("lower", lower, options)) {
      FileTree tree =
          FileTreeBuilder.of(image.tree(), Images.attributes(0755))
              .remove(TreePath.of("b hidden"))
              .remove(TreePath.of("d hidden"))
              .build();
      assertHolds(tree, hiddenTail, hiddenBlocks);
    }
  }

  /// The last tail of a fragment block: only the block's true size tells that it is there.
  @Test
  void nothingIsLeftOfWhatWasStoredButNeverPlaced() throws IOException {
    byte[] hidden = Images.incompressible(900, 91);
    Path path = directory.resolve("image");
    try (FileChannel file = Images.create(path);
        BlockWorkers workers = BlockWorkers.start(options);
        SquashfsWriter writer = SquashfsWriter.create(file, workers)) {
      Content kept = writer.store(sink -> sink.data(ByteBuffer.wrap(new byte[] {1, 2, 3})));
      writer.store(sink -> sink.data(ByteBuffer.wrap(hidden)));
      writer.finish(
          Images.builder().put("kept", new RegularFile(Images.attributes(0644), kept)).build());
    }
    try (OpenImage image = OpenImage.open(path)) {
      assertHolds(image.tree(), hidden);
    }
  }

  private void assertHolds(FileTree tree, byte[]... hidden) throws IOException {
    Path result = assembled(tree, options, 0);
    try (OpenImage read = OpenImage.open(result)) {
      Listing.assertSame(Listing.of(read.tree()), Listing.of(tree));
      String stored = new String(Files.readAllBytes(result), ISO_8859_1);
      String fragments = fragmentsOf(read);
      for (byte[] bytes : hidden) {
        String text = new String(bytes, 100, 50, ISO_8859_1);
        assertThat(stored.contains(text)).isFalse();
        assertThat(fragments.contains(text)).isFalse();
      }
    }
  }

  private static String fragmentsOf(OpenImage image) throws IOException {
    BlockStore store =
        image.tree().root().entries().values().stream()
            .filter(RegularFile.class::isInstance)
            .map(file -> ((StoredFile) ((RegularFile) file).content()).store())
            .findFirst()
            .orElseThrow();
    StringBuilder content = new StringBuilder();
    for (int index = 0; index < image.image().superblock().fragments(); index++) {
      content.append(ISO_8859_1.decode(store.fragment(index)));
    }
    return content.toString();
  }

  /// As after `chown -R` in a layer: the same data again.
  @Test
  void blocksThatSeveralLayersHaveAreTakenOnce() throws IOException {
    byte[] data = Images.incompressible(10 * Images.BLOCK, 95);
    try (OpenImage one =
            written("one", Images.builder().put("a", Images.file(data)).build(), options);
        OpenImage two =
            written(
                "two",
                Images.builder()
                    .put("0", Images.file(Images.incompressible(Images.BLOCK, 96)))
                    .put("b", Images.file(data))
                    .build(),
                options)) {
      Path result = assembled(merged(one.tree(), two.tree()), options, 0);
      assertThat(Files.size(result)).isLessThan(12L * Images.BLOCK);
      try (OpenImage read = OpenImage.open(result)) {
        assertThat(((RegularFile) read.tree().find("b").orElseThrow()).content().toByteArray())
            .isEqualTo(data);
      }
    }
  }

  @Test
  void whatIsStoredDifferentlyIsCompressedAnew() throws IOException {
    SquashfsOptions other =
        new SquashfsOptions(CompressionSettings.parse("gzip"), 4096, Images.TIME, 1);
    try (OpenImage image = written("other", Images.everything(), other)) {
      FileTree tree =
          FileTreeBuilder.of(image.tree(), Images.attributes(0755))
              .put("added", Images.file(Images.compressible(50_000, 97)))
              .build();
      Path result = assembled(tree, options, 100);
      try (OpenImage read = OpenImage.open(result)) {
        Listing.assertSame(Listing.of(read.tree()), Listing.of(tree));
      }
    }
  }

  /// gensquashfs gives large files tails too, and shares parts of runs.
  @Test
  void imagesOfGensquashfsAreTakenAsTheyAre() throws IOException {
    Tools.require("gensquashfs", "unsquashfs");
    Tools.requireRoot();
    Path source = directory.resolve("source");
    written("ours", Images.everything(), options).close();
    Tools.run("unsquashfs", "-n", "-q", "-d", source, directory.resolve("ours"));
    Tools.run(
        "gensquashfs",
        "-q",
        "-b",
        Images.BLOCK,
        "-c",
        "zstd",
        "--pack-dir",
        source,
        directory.resolve("theirs"));
    try (OpenImage image = OpenImage.open(directory.resolve("theirs"))) {
      FileTree tree =
          FileTreeBuilder.of(image.tree(), Images.attributes(0755))
              .remove(TreePath.of("small"))
              .build();
      Path result = assembled(tree, options, 0);
      try (OpenImage read = OpenImage.open(result)) {
        Listing.assertSame(Listing.of(read.tree()), Listing.of(tree));
      }
    }
  }

  @Test
  void attributesMayChangeOnceDataIsPlaced() throws IOException {
    try (OpenImage image = written("image", Images.everything(), options);
        FileChannel scratch = Images.create(directory.resolve("other scratch"))) {
      var placed = SquashfsAssembler.place(image.tree(), options, scratch);
      FileTree changed = image.tree().withAttributes(new Everywhere(Images.attributes(0700)));
      Path result = directory.resolve("changed");
      Images.write(result, placed.image(changed).content());
      assertThat(result).hasSameBinaryContentAs(assembled(changed, options, 0));
    }
  }

  private record Everywhere(Attributes same)
      implements FileTree.AttributeChange<Boolean, RuntimeException> {
    @Override
    public Boolean root() {
      return true;
    }

    @Override
    public Boolean below(Boolean directory, FileName name) {
      return false;
    }

    @Override
    public Attributes attributes(Boolean place, Inode inode) {
      return same;
    }
  }

  @Test
  void threadsChangeNothing() throws IOException {
    try (OpenImage image = written("image", Images.everything(), options)) {
      FileTree tree =
          FileTreeBuilder.of(image.tree(), Images.attributes(0755))
              .remove(TreePath.of("small"))
              .remove(TreePath.of("same as small"))
              .put("added", Images.file(Images.compressible(50_000, 98)))
              .build();
      byte[] one = Files.readAllBytes(assembled(tree, withThreads(1), 0));
      byte[] many = Files.readAllBytes(assembled(tree, withThreads(5), 0));
      assertThat(many).isEqualTo(one);
    }
  }

  private SquashfsOptions withThreads(int threads) {
    return new SquashfsOptions(options.compression(), Images.BLOCK, Images.TIME, threads);
  }

  private OpenImage written(String name, FileTree tree, SquashfsOptions with) throws IOException {
    Images.write(directory.resolve(name), tree, with);
    return OpenImage.open(directory.resolve(name));
  }

  private static FileTree merged(FileTree lower, FileTree upper) {
    FileTreeBuilder builder = FileTreeBuilder.of(lower, Images.attributes(0755));
    upper
        .root()
        .entries()
        .forEach((name, inode) -> builder.put(TreePath.root().child(name), inode));
    return builder.build();
  }

  /// @param usedBytes how much of the scratch file is taken already
  private Path assembled(FileTree tree, SquashfsOptions with, int usedBytes) throws IOException {
    Path result = directory.resolve("result");
    try (FileChannel scratch = Images.create(directory.resolve("scratch"))) {
      scratch.write(ByteBuffer.allocate(usedBytes));
      Images.write(result, SquashfsAssembler.assemble(tree, with, scratch).content());
    }
    return result;
  }
}
