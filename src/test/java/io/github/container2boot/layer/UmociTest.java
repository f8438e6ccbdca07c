package io.github.container2boot.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.oci.LayoutBuilder;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.tar.TarBuilder.Entry;
import io.github.container2boot.tar.TarEntry;
import io.github.container2boot.tar.TarReader;
import io.github.container2boot.testing.Listing;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.FileTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The rules of the merge, each from generated layers, beside what `umoci raw unpack` makes of the
/// same image: in the given order of entries and in the reverse one.
///
/// Times of directories are not compared, umoci leaves them as they come. Where umoci is wrong, see
/// [LayerStackTest].
class UmociTest {
  /// CAP_NET_RAW, effective and permitted, revision 2.
  private static final byte[] CAPABILITY = {
    1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  @TempDir private Path directory;

  @BeforeEach
  void needsUmoci() {
    Tools.require("umoci", "getfattr", "stat", "sha256sum");
    Tools.requireRoot();
  }

  /// A case: layers, the lowest first.
  private record Stack(String name, List<List<Entry>> layers) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stack stack(String name, List<Entry> lower, List<Entry> upper) {
    return new Stack(name, List.of(lower, upper));
  }

  static Stream<Stack> stacks() {
    return Stream.of(
        stack(
            "a whiteout removes a file, a tree, a symbolic link, a device and nothing else",
            List.of(
                directory("a"),
                file("a/file"),
                file("a/kept"),
                directory("a/tree"),
                directory("a/tree/sub"),
                file("a/tree/sub/x"),
                Entry.symlink("a/link", "kept"),
                new Entry("a/device", '3').device(1, 3)),
            List.of(
                directory("a"),
                whiteout("a/file"),
                whiteout("a/tree"),
                whiteout("a/link"),
                whiteout("a/device"),
                whiteout("a/absent"))),
        stack(
            "an opaque mark hides lower entries, never those of its own layer",
            List.of(directory("a"), file("a/old"), directory("a/sub"), file("a/sub/old")),
            List.of(
                directory("a"),
                file("a/before"),
                opaque("a"),
                file("a/new"),
                directory("a/sub"),
                file("a/sub/new"))),
        stack(
            "an opaque mark where nothing lies below",
            List.of(directory("a")),
            List.of(directory("b"), opaque("b"), file("b/x"))),
        stack(
            "a hard link keeps its data when the other name is whited out",
            List.of(directory("a"), file("a/x"), link("a/y", "a/x"), link("z", "a/x")),
            List.of(directory("a"), whiteout("a/x"))),
        stack(
            "a hard link outlives the directory of its other name",
            List.of(directory("a"), file("a/x"), link("z", "a/x")),
            List.of(whiteout("a"))),
        stack(
            "a hard link names a file of a lower layer",
            List.of(directory("a"), file("a/x")),
            List.of(directory("b"), link("b/y", "a/x"), link("b/z", "a/x"))),
        stack(
            "a hard link to a symbolic link is one to the link",
            List.of(file("x"), Entry.symlink("l", "x"), link("m", "l")),
            List.of(whiteout("x"))),
        stack(
            "a directory replaces a file, and the other way round",
            List.of(file("x"), directory("y"), file("y/z"), Entry.symlink("l", "y")),
            List.of(directory("x"), file("y"), file("l"))),
        stack(
            "a symbolic link and a device replace a directory",
            List.of(directory("x"), file("x/z"), directory("y"), file("y/z")),
            List.of(
                Entry.symlink("x", "nowhere"),
                new Entry("y", '4').device(259, 70_000).mode(0_600))),
        stack(
            "a directory over a directory takes the new attributes and keeps the children",
            List.of(directory("a").mode(0_700).owner(1, 2), file("a/x")),
            List.of(directory("a").mode(0_3775).owner(70_000, 4_000_000_000L))),
        stack(
            "setuid, setgid, sticky, owners, capabilities and attributes stay",
            List.of(
                file("su").mode(0_4755),
                file("sg").mode(0_2711).owner(5, 6),
                file("cap").xattr("security.capability", CAPABILITY),
                file("both").mode(0_6755).owner(7, 8).xattr("security.capability", CAPABILITY),
                file("user").xattr("user.binary", new byte[] {0, -1, '=', '\n'}),
                directory("tmp").mode(0_1777).xattr("user.dir", "x")),
            List.of(file("other"))),
        stack(
            "an upper file loses the lower one's attributes",
            List.of(file("x").mode(0_4755).owner(3, 4).xattr("security.capability", CAPABILITY)),
            List.of(file("x"))),
        stack(
            "devices, fifos and links to them",
            List.of(
                new Entry("c", '3').device(4095, 1_048_575).mode(0_666),
                new Entry("b", '4').device(8, 1),
                new Entry("p", '6'),
                link("c2", "c"),
                link("p2", "p")),
            List.of(new Entry("c3", '3').device(1, 3))),
        stack(
            "names that are not text",
            List.of(
                Entry.file(new byte[] {(byte) 0xff, (byte) 0xfe}, new byte[] {1}),
                file("a\nb"),
                file("  "),
                file("\\x41"),
                file("n".repeat(255)),
                Entry.symlink("\u00e4", "\u00f6\n")),
            List.of(whiteout("a\nb"))),
        stack(
            "a name whited out and present in the same layer is replaced",
            List.of(file("x").mode(0_600), directory("d"), file("d/old")),
            List.of(whiteout("x"), file("x"))),
        stack(
            "leading slashes and dots mean nothing",
            List.of(directory("./"), directory("./a/"), file("/a/x"), file("./a/y")),
            List.of(directory("./a"), file("a//z"), whiteout("./a/y"))),
        stack(
            "times of files and links stay",
            List.of(
                file("x").modified("2001-02-03T04:05:06.5Z"),
                file("y").modified("1970-01-01T00:00:00Z")),
            List.of(file("z").modified("2100-01-01T00:00:00Z"))),
        stack(
            "a path through a symbolic link of a lower layer",
            List.of(
                directory("usr"),
                directory("usr/lib").mode(0_711),
                file("usr/lib/old"),
                file("usr/lib/gone"),
                Entry.symlink("lib", "usr/lib"),
                Entry.symlink("up", "../../usr")),
            List.of(file("lib/new"), whiteout("lib/gone"), file("up/x"))),
        stack(
            "an opaque mark through a symbolic link",
            List.of(
                directory("usr"),
                directory("usr/lib"),
                file("usr/lib/old"),
                Entry.symlink("lib", "/usr/lib")),
            List.of(opaque("lib"), file("lib/new"))),
        stack(
            "a whiteout of a symbolic link leaves what it leads to",
            List.of(directory("d"), file("d/x"), Entry.symlink("l", "d")),
            List.of(whiteout("l"))),
        new Stack(
            "removed, made again, removed again",
            List.of(
                List.of(directory("a"), file("a/x"), file("a/y"), directory("b"), file("b/x")),
                List.of(directory("a"), whiteout("a/x"), whiteout("b")),
                List.of(directory("a"), file("a/x"), whiteout("a/y"), directory("b"), file("b/z")),
                List.of(directory("a"), file("a/y"), whiteout("a/x")))),
        new Stack(
            "opaque over opaque",
            List.of(
                List.of(directory("a"), file("a/1")),
                List.of(directory("a"), opaque("a"), file("a/2")),
                List.of(directory("a"), file("a/3")),
                List.of(directory("a"), opaque("a"), file("a/4")))));
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void mergesAsUmociUnpacks(Stack stack) throws IOException {
    assertSame(stack.layers(), "forward");
    assertSame(stack.layers().stream().map(UmociTest::reversed).toList(), "reverse");
  }

  /// Hard links stay behind what they name: umoci needs that, we do not.
  private static List<Entry> reversed(List<Entry> entries) {
    List<Entry> reversed = new ArrayList<>();
    entries.reversed().stream().filter(entry -> !isLink(entry)).forEach(reversed::add);
    entries.stream().filter(UmociTest::isLink).forEach(reversed::add);
    return reversed;
  }

  private static boolean isLink(Entry entry) {
    return entry.typeFlag() == '1';
  }

  private void assertSame(List<List<Entry>> layers, String order) throws IOException {
    List<byte[]> archives = new ArrayList<>();
    for (List<Entry> entries : layers) {
      TarBuilder archive = new TarBuilder();
      entries.forEach(archive::add);
      archives.add(archive.build());
    }
    Path layout = directory.resolve(order);
    new LayoutBuilder().image("test", archives.toArray(byte[][]::new)).writeTo(layout);
    Path unpacked = directory.resolve(order + "-unpacked");
    Tools.run("umoci", "raw", "unpack", "--image", layout + ":test", unpacked);

    Listing ours = Listing.of(merge(archives)).withoutDirectoryTimes();
    Listing theirs = Listing.read(unpacked).withoutDirectoryTimes();
    assertThat(ours.differences(theirs)).as(order).isEmpty();
  }

  private static FileTree merge(List<byte[]> archives) throws IOException {
    List<FileTree> layers = new ArrayList<>();
    for (byte[] archive : archives) {
      layers.add(tree(archive));
    }
    return LayerStack.merge(layers, Instant.EPOCH);
  }

  private static FileTree tree(byte[] archive) throws IOException {
    LayerTree tree = new LayerTree();
    try (TarReader reader = new TarReader(new ByteArrayInputStream(archive))) {
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        if (entry.type() == TarEntry.Type.FILE) {
          reader.transferTo(collector(data));
        }
        tree.add(entry, Content.of(data.toByteArray()));
      }
    }
    return tree.build();
  }

  private static Content.Sink collector(ByteArrayOutputStream data) {
    return new Content.Sink() {
      @Override
      public void data(ByteBuffer bytes) {
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        data.writeBytes(piece);
      }

      @Override
      public void hole(long countBytes) {
        data.writeBytes(new byte[Math.toIntExact(countBytes)]);
      }
    };
  }

  private static Entry directory(String path) {
    return Entry.directory(path);
  }

  private static Entry file(String path) {
    return Entry.file(path, path);
  }

  private static Entry link(String path, String target) {
    return Entry.hardLink(path, target);
  }

  private static Entry whiteout(String path) {
    int name = path.lastIndexOf('/') + 1;
    return Entry.file(path.substring(0, name) + ".wh." + path.substring(name), "");
  }

  private static Entry opaque(String path) {
    return Entry.file(path + "/.wh..wh..opq", "");
  }
}
