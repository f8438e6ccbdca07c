package io.github.container2boot.layer;

import static io.github.container2boot.layer.Entries.directory;
import static io.github.container2boot.layer.Entries.file;
import static io.github.container2boot.layer.Entries.hardLink;
import static io.github.container2boot.layer.Entries.opaque;
import static io.github.container2boot.layer.Entries.symbolicLink;
import static io.github.container2boot.layer.Entries.whiteout;
import static io.github.container2boot.layer.Entries.zeroDevice;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.tree.DeviceNode;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.Fifo;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.Socket;
import io.github.container2boot.tree.SymbolicLink;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Layers of archive entries through [LayerTree] and [LayerStack]. Where the order of a layer's
/// entries must not matter, many orders are tried.
class LayerStackTest {
  private static final Instant IMPLIED = Instant.ofEpochSecond(1);

  @Test
  void aWhiteoutHidesWhatLiesBelowAndOnlyThat() throws IOException {
    assertMerged(
        List.of(
            List.of(file("a/gone", "1"), file("a/stays", "2"), file("a/tree/x", "3")),
            List.of(whiteout("a", "gone"), whiteout("a", "tree"), whiteout("a", "never-there"))),
        "/ 755 implied",
        "/a 755 implied",
        "/a/stays 644 2");
  }

  @Test
  void aWhiteoutSparesItsOwnLayer() throws IOException {
    assertMerged(
        List.of(
            List.of(file("a/file", "old"), file("a/tree/old", "old")),
            List.of(
                whiteout("a", "file"),
                file("a/file", "new"),
                whiteout("a", "tree"),
                file("a/tree/new", "new"))),
        "/ 755 implied",
        "/a 755 implied",
        "/a/file 644 new",
        "/a/tree 755 1970-01-01T00:00:00Z",
        "/a/tree/new 644 new");
  }

  @Test
  void anOpaqueMarkHidesWhatLiesBelowAndSparesItsOwnLayer() throws IOException {
    assertMerged(
        List.of(
            List.of(directory("a", 0_700), file("a/old", "1"), file("a/b/old", "1")),
            List.of(directory("a", 0_750), opaque("a"), file("a/new", "2"), file("a/b/new", "2"))),
        "/ 755 implied",
        "/a 750",
        "/a/b 755 implied",
        "/a/b/new 644 2",
        "/a/new 644 2");
  }

  @Test
  void anOpaqueMarkThroughASymbolicLinkHidesWhereTheLinkLeads() throws IOException {
    assertMerged(
        List.of(
            List.of(file("usr/lib/old", "1"), symbolicLink("lib", "usr/lib")),
            List.of(opaque("lib"), file("lib/new", "2"))),
        "/ 755 implied",
        "/lib -> usr/lib",
        "/usr 755 implied",
        "/usr/lib 755 implied",
        "/usr/lib/new 644 2");
  }

  @Test
  void anImpliedDirectoryFollowsTheLinkBelowIt() throws IOException {
    assertMerged(
        List.of(
            List.of(
                directory("usr/lib", 0_711),
                file("usr/lib/old", "1"),
                file("usr/lib/gone", "1"),
                symbolicLink("lib", "/usr/lib"),
                symbolicLink("deep", "../../usr")),
            List.of(file("lib/new", "2"), whiteout("lib", "gone"), file("deep/lib/newer", "3"))),
        "/ 755 implied",
        "/deep -> ../../usr",
        "/lib -> /usr/lib",
        "/usr 755 implied",
        "/usr/lib 711",
        "/usr/lib/new 644 2",
        "/usr/lib/newer 644 3",
        "/usr/lib/old 644 1");
  }

  @Test
  void aDirectoryWithAnEntryReplacesTheLinkBelowIt() throws IOException {
    assertMerged(
        List.of(
            List.of(file("usr/lib/old", "1"), symbolicLink("lib", "usr/lib")),
            List.of(directory("lib", 0_700), file("lib/new", "2"))),
        "/ 755 implied",
        "/lib 700",
        "/lib/new 644 2",
        "/usr 755 implied",
        "/usr/lib 755 implied",
        "/usr/lib/old 644 1");
  }

  @Test
  void aDirectoryOverADirectoryKeepsTheChildrenAndTakesTheAttributes() throws IOException {
    assertMerged(
        List.of(List.of(directory("a", 0_700), file("a/x", "1")), List.of(directory("a", 0_1777))),
        "/ 755 implied",
        "/a 1777",
        "/a/x 644 1");
  }

  @Test
  void anImpliedDirectoryLeavesTheAttributesBelowAlone() throws IOException {
    assertMerged(
        List.of(List.of(directory("a", 0_700)), List.of(file("a/x", "1"))),
        "/ 755 implied",
        "/a 700",
        "/a/x 644 1");
  }

  @Test
  void otherTypesReplaceEachOther() throws IOException {
    assertMerged(
        List.of(
            List.of(file("becomes-directory", "1"), file("becomes-file/x/y", "1")),
            List.of(file("becomes-directory/x", "2"), file("becomes-file", "2"))),
        "/ 755 implied",
        "/becomes-directory 755 implied",
        "/becomes-directory/x 644 2",
        "/becomes-file 644 2");
  }

  @Test
  void aHardLinkKeepsItsDataWhenTheOtherNameIsWhitedOut() throws IOException {
    assertMerged(
        List.of(
            List.of(file("a", "data"), hardLink("b", "a"), hardLink("c", "./a")),
            List.of(whiteout(".", "a"))),
        "/ 755 implied",
        "/b 644 data",
        "/c = /b");
  }

  @Test
  void aHardLinkMayNameAFileThatOnlyALowerLayerHas() throws IOException {
    assertMerged(
        List.of(
            List.of(file("usr/a", "data"), symbolicLink("lib", "usr")),
            List.of(hardLink("b", "lib/a"), hardLink("c", "/usr/a"))),
        "/ 755 implied",
        "/b 644 data",
        "/c = /b",
        "/lib -> usr",
        "/usr 755 implied",
        "/usr/a = /b");
  }

  @Test
  void aHardLinkMayNameAFileThatItsOwnLayerWhitesOut() throws IOException {
    assertMerged(
        List.of(List.of(file("a", "data")), List.of(hardLink("b", "a"), whiteout(".", "a"))),
        "/ 755 implied",
        "/b 644 data");
  }

  @Test
  void hardLinksToHardLinksAreOneFile() throws IOException {
    assertMerged(
        List.of(List.of(hardLink("c", "b"), hardLink("b", "a"), file("a", "data"))),
        "/ 755 implied",
        "/a 644 data",
        "/b = /a",
        "/c = /a");
  }

  @Test
  void aLaterDuplicateWinsAndAnEarlierLinkKeepsTheEarlierData() throws IOException {
    FileTree merged =
        merge(List.of(List.of(file("a", "old"), hardLink("b", "a"), file("a", "new"))));
    assertThat(listing(merged)).containsExactly("/ 755 implied", "/a 644 new", "/b 644 old");
  }

  @Test
  void linksOfTheSameLayerAreFollowedAsAnExtractorWould() throws IOException {
    FileTree merged =
        merge(
            List.of(
                List.of(
                    symbolicLink("up", "../../.."),
                    symbolicLink("lib", "usr/lib"),
                    file("up/lib/x", "1"),
                    hardLink("y", "lib/x"))));
    assertThat(listing(merged))
        .containsExactly(
            "/ 755 implied",
            "/lib -> usr/lib",
            "/up -> ../../..",
            "/usr 755 implied",
            "/usr/lib 755 implied",
            "/usr/lib/x 644 1",
            "/y = /usr/lib/x");
  }

  @Test
  void aDeviceZeroZeroIsADeviceAndOverlayAttributesSurvive() throws IOException {
    FileTree merged =
        merge(
            List.of(
                List.of(
                    zeroDevice("var/overlay/upper/gone"),
                    file("x", "1", Map.of("trusted.overlay.opaque", "y", "user.plain", "z")))));
    assertThat(merged.find("/var/overlay/upper/gone").orElseThrow())
        .matches(LayerMarks::isZeroDevice)
        .satisfies(device -> assertThat(device.attributes().xattrs().isEmpty()).isTrue());
    assertThat(merged.find("/x").orElseThrow().attributes().xattrs().values())
        .hasToString("{trusted.overlay.opaque=y, user.plain=z}");
  }

  @Test
  void aufsHousekeepingMeansNothing() throws IOException {
    assertMerged(
        List.of(
            List.of(file("a/x", "1"), file("a/.wh..wh.plnk/1", "2"), file("a/.wh..wh.aufs", ""))),
        "/ 755 implied",
        "/a 755 implied",
        "/a/x 644 1");
  }

  @Test
  void whatSquashfsHasNoPlaceForIsCounted() throws IOException {
    LayerTree layer = new LayerTree();
    layer.add(
        file("/var/log/journal", "", Map.of("system.posix_acl_access", "acl", "user.kept", "1"))
            .header(),
        Content.empty());
    layer.add(file("/z", "", Map.of("system.posix_acl_default", "acl")).header(), Content.empty());
    FileTree tree = layer.build();
    assertThat(DroppedAttributes.of(tree))
        .contains(new DroppedAttributes(2, ByteString.utf8("/var/log/journal")));
    assertThat(LayerStack.merge(List.of(tree), IMPLIED).root().attributes().xattrs().isEmpty())
        .isTrue();
  }

  @Test
  void whatLeadsNowhereIsSaid() {
    assertProblem(
        "layer 2: hard link to /missing, which neither this layer nor one below has",
        List.of(List.of(file("a", "1")), List.of(hardLink("b", "missing"))));
    assertProblem(
        "hard link /b: expected a file to link to, found the directory /d",
        List.of(List.of(directory("d", 0_755), hardLink("b", "d"))));
    assertProblem(
        "path /loop leads through too many symbolic links",
        List.of(List.of(symbolicLink("loop", "loop/loop"), file("loop/x", "1"))));
    assertProblem(
        "hard links /a and /b go in circles",
        List.of(List.of(hardLink("a", "b"), hardLink("b", "c"), hardLink("c", "a"))));
    assertProblem(
        "path \"a/../../etc/shadow\" has a .. component",
        List.of(List.of(file("a/../../etc/shadow", "1"))));
    assertProblem("whiteout /a/.wh. of a name that is empty", List.of(List.of(file("a/.wh.", ""))));
    assertProblem(
        "root entry: expected a directory, found FILE", List.of(List.of(file("./", "1"))));
  }

  @Test
  void aShortArchiveCannotMakeALargeTree() {
    List<Entries.Entry> deep =
        List.of(symbolicLink("d", "a/".repeat(2000)), file("d/" + "b/".repeat(100) + "x", ""));
    assertThatThrownBy(() -> merge(List.of(deep)))
        .isInstanceOf(FormatException.Malformed.class)
        .hasMessageContaining("leads through too many directories that have no entry");
  }

  @Test
  void linksCannotLeadDeeperThanATreeMayBe() {
    String far = "a/".repeat(300);
    List<Entries.Entry> deep =
        List.of(
            directory(far, 0_755),
            symbolicLink("near", far),
            directory(far + far.substring(0, 400), 0_755),
            symbolicLink("near/far", far),
            file("near/far/" + "a/".repeat(100) + "x", ""));
    assertThatThrownBy(() -> merge(List.of(deep)))
        .isInstanceOf(FormatException.Malformed.class)
        .hasMessageContaining("leads through");

    assertProblem(
        "layer 2: paths of this layer lead through more than 512 directories",
        List.of(
            List.of(directory(far, 0_755), symbolicLink("near", far)),
            List.of(file("near/" + far + "x", ""))));
  }

  private static void assertProblem(String message, List<List<Entries.Entry>> layers) {
    assertThatThrownBy(() -> merge(layers))
        .isInstanceOf(FormatException.Malformed.class)
        .hasMessage(message);
  }

  private static void assertMerged(List<List<Entries.Entry>> layers, String... expected)
      throws IOException {
    Random random = new Random(3);
    for (int round = 0; round < 30; round++) {
      List<List<Entries.Entry>> shuffled = new ArrayList<>();
      for (List<Entries.Entry> layer : layers) {
        List<Entries.Entry> entries = new ArrayList<>(layer);
        if (round > 0) {
          Collections.shuffle(entries, random);
        }
        shuffled.add(entries);
      }
      assertThat(listing(merge(shuffled))).as("order %d", round).containsExactly(expected);
    }
  }

  private static FileTree merge(List<List<Entries.Entry>> layers) throws IOException {
    List<FileTree> trees = new ArrayList<>();
    for (List<Entries.Entry> entries : layers) {
      LayerTree layer = new LayerTree();
      for (Entries.Entry entry : entries) {
        layer.add(entry.header(), Content.of(entry.data().getBytes(UTF_8)));
      }
      trees.add(layer.build());
    }
    return LayerStack.merge(trees, IMPLIED);
  }

  /// A line a path: the type, what it holds, and `implied` where no layer had an entry.
  private static List<String> listing(FileTree tree) throws IOException {
    List<String> lines = new ArrayList<>();
    Map<Inode, String> first = new IdentityHashMap<>();
    tree.<IOException>walk((path, inode) -> {
      String known = first.putIfAbsent(inode, path.toString());
      lines.add(path + (known == null ? shown(inode) : " = " + known));
    });
    return lines;
  }

  private static String shown(Inode inode) throws IOException {
    assertThat(inode.attributes().xattrs().isEmpty()).isTrue();
    String permissions = " " + Integer.toOctalString(inode.attributes().permissions());
    return switch (inode) {
      case Directory directory -> permissions + time(directory.attributes().modified());
      case RegularFile file -> permissions + " " + new String(file.content().toByteArray(), UTF_8);
      case SymbolicLink link -> " -> " + link.target();
      case DeviceNode _, Fifo _, Socket _ -> throw new AssertionError(inode.getClass());
    };
  }

  private static String time(Instant modified) {
    if (modified.equals(IMPLIED)) {
      return " implied";
    }
    return modified.getEpochSecond() == 5 ? "" : " " + modified;
  }
}
