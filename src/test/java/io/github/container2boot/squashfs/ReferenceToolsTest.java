package io.github.container2boot.squashfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the squashfs tools of others say to our images, and we to theirs. The kernel is asked in
/// [KernelTest].
class ReferenceToolsTest {
  @TempDir Path directory;

  private final FileTree tree = Images.everything();

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "xz", "lz4", "lzo"})
  void rdsquashfsUnpacksOurs(String compression) throws IOException {
    Tools.require("rdsquashfs");
    Tools.requireRoot();
    Path image = directory.resolve("image");
    Images.write(image, tree, Images.options(compression));

    Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
    Tools.run(
        "rdsquashfs", "-q", "--chmod", "--chown", "--set-times", "-p", unpacked, "-u", "/", image);

    Listing.assertSame(names(Listing.of(unpacked)), names(Listing.of(tree)));
  }

  /// rdsquashfs makes no sockets and no second names.
  private static List<String> names(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.contains(" socket "))
        .filter(line -> !line.startsWith("/ "))
        .map(line -> line.replaceAll(" = .*", ""))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-comp gzip -b 16K",
        "-comp zstd -b 4K",
        "-comp xz -b 128K",
        "-comp xz -Xbcj x86 -b 1M",
        "-comp lz4 -Xhc -b 16K",
        "-comp lzo -b 16K",
        "-comp zstd -no-fragments",
        "-comp zstd -b 16K -always-use-fragments",
        "-comp zstd -no-exports -no-duplicates",
        "-comp gzip -noI -noId -noD -noF -noX",
        "-comp zstd -b 16K -no-sparse",
      })
  void weReadMksquashfs(String options) throws IOException {
    Tools.require("mksquashfs");
    Path source = unpacked();
    Path image = directory.resolve("image");
    String command = "mksquashfs " + source + " " + image + " -no-progress -quiet " + options;
    Tools.run((Object[]) command.split(" "));

    try (OpenImage read = OpenImage.open(image)) {
      Listing.assertSame(Listing.of(read.tree()), Listing.of(tree));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-c gzip", "-c zstd", "-c xz", "-c lz4", "-c lzo", "-c zstd -T", "-c zstd -e"})
  void weReadGensquashfs(String options) throws IOException {
    Tools.require("gensquashfs");
    Path source = unpacked();
    Path image = directory.resolve("image");
    String command =
        "gensquashfs -q -b 16384 --keep-time --keep-xattr --pack-dir %s %s %s"
            .formatted(source, options, image);
    Tools.run((Object[]) command.split(" "));

    try (OpenImage read = OpenImage.open(image)) {
      Listing.assertSame(withoutLinks(read.tree()), withoutLinks(tree));
    }
  }

  /// gensquashfs makes each name of a hard link a file of its own, and forgets the time of the
  /// root.
  private static List<String> withoutLinks(FileTree tree) throws IOException {
    return Listing.of(tree).stream()
        .filter(line -> !line.startsWith("/ "))
        .map(line -> line.replaceAll(" = [^{]*", " = "))
        .toList();
  }

  private Path unpacked() throws IOException {
    Tools.require("unsquashfs");
    Tools.requireRoot();
    Path image = directory.resolve("ours");
    Images.write(image, tree, Images.options("gzip"));
    Path unpacked = directory.resolve("source");
    Tools.run("unsquashfs", "-n", "-q", "-d", unpacked, image);
    return unpacked;
  }

  @Test
  void ourImageIsNoLargerThanThatOfMksquashfs() throws IOException {
    Tools.require("mksquashfs");
    Path source = unpacked();
    Path theirs = directory.resolve("theirs");
    Tools.run(
        "mksquashfs",
        source,
        theirs,
        "-no-progress",
        "-quiet",
        "-comp",
        "zstd",
        "-Xcompression-level",
        6);
    Path ours = directory.resolve("ours");
    Images.write(
        ours,
        tree,
        new SquashfsOptions(
            CompressionSettings.parse("zstd:6"),
            SquashfsOptions.DEFAULT_BLOCK_BYTES,
            Images.TIME,
            2));
    assertThat(Files.size(ours)).isLessThanOrEqualTo(Files.size(theirs) * 101 / 100);
  }
}
