package io.github.container2boot.fat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.SymbolicLink;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes into a volume comes out of it, nothing that FAT cannot hold goes in, and it is as
/// large as it must be.
class FatFileSystemTest {
  private static final long MIB = 1L << 20;
  private static final FatOptions OPTIONS = Volumes.options(512);

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void comesBackAsItWas(int sectorSizeBytes) throws Exception {
    Random random = new Random(sectorSizeBytes);
    for (int round = 0; round < 10; round++) {
      FileTree tree = Volumes.random(random);
      FatType type = FatType.values()[round % 3];
      FatOptions options = Volumes.options(sectorSizeBytes).withType(type);
      FatImage read = FatImage.read(FatFileSystem.of(tree, options).content());
      assertThat(read.type()).isEqualTo(type);
      assertThat(read.volumeId()).isEqualTo(0x1234_abcdL);
      assertThat(read.label()).isEqualTo(Optional.of(VolumeLabel.of("EFI-SYSTEM")));
      assertThat(described(read.tree())).isEqualTo(described(tree));
    }
  }

  @Test
  void tellsWhereEveryFileLies() throws Exception {
    FileTree tree = Volumes.systemPartition(3 * MIB);
    FatFileSystem volume = FatFileSystem.of(tree, OPTIONS);
    assertThat(volume.extents()).hasSize(8).doesNotContainKey(TreePath.of("container2boot/empty"));
    for (var extent : volume.extents().entrySet()) {
      Content lies =
          volume.content().slice(extent.getValue().offsetBytes(), extent.getValue().sizeBytes());
      RegularFile file = (RegularFile) tree.find(extent.getKey()).orElseThrow();
      assertThat(lies.toByteArray()).isEqualTo(file.content().toByteArray());
    }
  }

  @Test
  void beginsFilesOnPages() throws Exception {
    FatFileSystem volume = FatFileSystem.of(Volumes.systemPartition(700 * MIB), OPTIONS);
    assertThat(volume.clusterSizeBytes()).isEqualTo(4096);
    assertThat(volume.extents().values()).allMatch(extent -> extent.offsetBytes() % 4096 == 0);
  }

  @ParameterizedTest
  @CsvSource({
    "512, 0",
    "512, 20",
    "512, 32",
    "512, 33",
    "512, 60",
    "512, 65",
    "512, 120",
    "512, 131",
    "512, 250",
    "512, 600",
    "512, 2000",
    "512, 4095",
    "4096, 0",
    "4096, 20",
    "4096, 250",
    "4096, 260",
    "4096, 600",
    "4096, 2000",
    "4096, 4095"
  })
  void isHardlyLargerThanItsContent(int sectorSizeBytes, long squashfsMib) throws Exception {
    FileTree tree = Volumes.systemPartition(squashfsMib * MIB);
    long contentBytes = contentBytes(tree);
    FatFileSystem volume = FatFileSystem.of(tree, Volumes.options(sectorSizeBytes));
    // The disk may have 1 % and 2 MiB, of which GPT takes 1 MiB and 33 sectors.
    assertThat(volume.content().sizeBytes())
        .isLessThan(contentBytes + contentBytes / 100 + MIB - 8 * 4096);
    assertThat(volume.freeBytes()).isZero();
  }

  @Test
  void staysClearOfTheLimitsBetweenTypes() throws Exception {
    for (long clusters :
        new long[] {
          4068, 4069, 4070, 4085, 4100, 4101, 4102, 65_508, 65_509, 65_510, 65_525, 65_540, 65_541
        }) {
      FileTree tree =
          Volumes.tree().put("a", Volumes.file(Content.hole((clusters - 1) * 512))).build();
      FatOptions options = FatOptions.exact(512, 0, 1, VolumeLabel.none());
      long count = geometry(FatFileSystem.of(tree, options).content()).clusters();
      assertThat(Math.min(Math.abs(count - 4085), Math.abs(count - 65_525)))
          .as("%d clusters wanted, %d found", clusters, count)
          .isGreaterThanOrEqualTo(16);
    }
  }

  static Geometry geometry(Content volume) throws IOException {
    byte[] sector = volume.slice(0, BootSector.SIZE).toByteArray();
    BootSector boot = BootSector.readFrom(ByteReader.littleEndian(sector));
    return GeometryReader.of(boot, volume.sizeBytes());
  }

  @Test
  void growsToTheSizeAskedFor() throws Exception {
    FileTree tree = Volumes.systemPartition(3 * MIB);
    for (long sizeMib : new long[] {9, 32, 34, 100, 300, 9000, 40_000}) {
      FatFileSystem volume = FatFileSystem.of(tree, OPTIONS.withSizeBytes(sizeMib * MIB));
      assertThat(volume.content().sizeBytes()).isEqualTo(sizeMib * MIB);
      assertThat(volume.freeBytes()).isGreaterThan((sizeMib - 9) * MIB * 98 / 100);
      assertThat(volume.type()).isEqualTo(sizeMib < 34 ? FatType.FAT16 : FatType.FAT32);
    }
  }

  @Test
  void isRefusedWhereTheSizeIsTooSmallAndTakenWhereItIsTheLeast() throws Exception {
    FileTree tree = Volumes.systemPartition(40 * MIB);
    long least = FatFileSystem.of(tree, OPTIONS).content().sizeBytes();
    assertRefused(
        tree,
        OPTIONS.withSizeBytes(least - 512),
        new FatException.VolumeTooSmall(least - 512, least));
    assertThat(FatFileSystem.of(tree, OPTIONS.withSizeBytes(least)).content().sizeBytes())
        .isEqualTo(least);
  }

  @Test
  void isRefusedWhereItIsTooLargeForItsType() {
    FileTree tree = Volumes.systemPartition(200 * MIB);
    assertThatThrownBy(() -> FatFileSystem.of(tree, OPTIONS.withType(FatType.FAT12)))
        .isInstanceOfSatisfying(
            FatException.class,
            e -> assertThat(e.problem()).isInstanceOf(FatException.VolumeTooLarge.class));
    assertThatThrownBy(() -> FatFileSystem.of(tree, OPTIONS.withSizeBytes(3L << 40)))
        .isInstanceOfSatisfying(
            FatException.class,
            e -> assertThat(e.problem()).isInstanceOf(FatException.VolumeTooLarge.class));
  }

  @Test
  void holdsTheLargestFileAndRefusesALargerOne() throws Exception {
    long most = FatException.FileTooLarge.MOST_BYTES;
    FileTree largest = Volumes.tree().put("a", Volumes.file(Content.hole(most))).build();
    Content volume = FatFileSystem.of(largest, OPTIONS).content();
    RegularFile file = (RegularFile) FatImage.read(volume).tree().find("a").orElseThrow();
    assertThat(file.content().sizeBytes()).isEqualTo(most);
    assertRefused(
        Volumes.tree().put("d/a", Volumes.file(Content.hole(most + 1))).build(),
        OPTIONS,
        new FatException.FileTooLarge(TreePath.of("d/a"), most + 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a:b", "a*", "a?", "a\"", "a<", "a>", "a|", "a\\", "a\u0001", "a.", "a ", "..."})
  void refusesNamesThatFatCannotHold(String name) {
    FileTree tree = Volumes.tree().put(TreePath.root().child(name), Volumes.file(1, 1)).build();
    assertThatThrownBy(() -> FatFileSystem.of(tree, OPTIONS))
        .isInstanceOfSatisfying(
            FatException.class,
            e -> assertThat(e.problem()).isInstanceOf(FatException.NameNotRepresentable.class));
  }

  @Test
  void refusesNamesThatAreNotText() {
    var name = new FileName(ByteString.of((byte) 'a', (byte) 0xff));
    FileTree tree = Volumes.tree().put(TreePath.root().child(name), Volumes.file(1, 1)).build();
    assertRefused(
        tree,
        OPTIONS,
        new FatException.NameNotRepresentable(TreePath.root().child(name), "is not UTF-8"));
  }

  @Test
  void refusesNamesThatDifferInCaseOnly() {
    assertRefused(
        Volumes.tree()
            .put("d/Größe", Volumes.file(1, 1))
            .put("d/gRÖße", Volumes.file(1, 1))
            .build(),
        OPTIONS,
        new FatException.NamesCollide(TreePath.of("d/Größe"), TreePath.of("d/gRÖße")));
  }

  @Test
  void refusesWhatIsNeitherFileNorDirectory() {
    SymbolicLink link = new SymbolicLink(Volumes.FILE, ByteString.utf8("target"));
    assertRefused(
        Volumes.tree().put("d/link", link).build(),
        OPTIONS,
        new FatException.TypeNotRepresentable(TreePath.of("d/link"), "symbolic link"));
  }

  @Test
  void refusesDirectoriesWithMoreEntriesThanTheyCanHave() {
    FileTreeBuilder tree = Volumes.tree();
    RegularFile empty = Volumes.file(Content.empty());
    for (int index = 0; index < 22_000; index++) {
      tree.put("d/a long name %05d".formatted(index), empty);
    }
    assertRefused(
        tree.build(),
        OPTIONS,
        new FatException.DirectoryTooLarge(TreePath.of("d"), 2 + 3 * 22_000, 65_536));
  }

  /// 21 000 names need more than the 65 520 entries that a fixed root directory can have.
  @Test
  void becomesFat32WhereTheRootDirectoryIsTooLargeForTheOthers() throws Exception {
    FileTreeBuilder tree = Volumes.tree();
    RegularFile empty = Volumes.file(Content.empty());
    for (int index = 0; index < 21_843; index++) {
      tree.put("a long name %05d".formatted(index), empty);
    }
    FatFileSystem volume = FatFileSystem.of(tree.build(), OPTIONS);
    assertThat(volume.type()).isEqualTo(FatType.FAT32);
    assertThat(FatImage.read(volume.content()).tree().root().entries()).hasSize(21_843);
  }

  @Test
  void keepsAFileOfTwoNamesTwice() throws Exception {
    RegularFile file = Volumes.file(700, 1);
    FileTree tree = Volumes.tree().put("a", file).put("b", file).build();
    assertThat(described(FatImage.read(FatFileSystem.of(tree, OPTIONS).content()).tree()))
        .isEqualTo(described(tree));
  }

  @Test
  void takesTheNearestTimeFatHas() throws Exception {
    assertThat(modifiedAfterwards("1970-01-01T00:00:00Z")).isEqualTo("1980-01-01T00:00:00Z");
    assertThat(modifiedAfterwards("2024-02-29T23:59:59.999Z")).isEqualTo("2024-02-29T23:59:58Z");
    assertThat(modifiedAfterwards("2200-01-01T00:00:00Z")).isEqualTo("2107-12-31T23:59:58Z");
  }

  private static String modifiedAfterwards(String modified) throws Exception {
    Attributes attributes = Attributes.ofRoot(0_644, Instant.parse(modified));
    FileTree tree = Volumes.tree().put("a", new RegularFile(attributes, Content.empty())).build();
    Inode read =
        FatImage.read(FatFileSystem.of(tree, OPTIONS).content()).tree().find("a").orElseThrow();
    return read.attributes().modified().toString();
  }

  @Test
  void tablesReadTheSameInAnyPieces() throws Exception {
    Random random = new Random(7);
    for (FatType type : FatType.values()) {
      Content volume =
          FatFileSystem.of(Volumes.random(new Random(3)), OPTIONS.withType(type)).content();
      byte[] whole = transferred(volume);
      assertThat(volume.toByteArray()).isEqualTo(whole);
      for (int round = 0; round < 200; round++) {
        int offset = random.nextInt(Math.min(whole.length, 300_000) - 50);
        ByteBuffer piece = ByteBuffer.allocate(1 + random.nextInt(50));
        volume.read(offset, piece);
        assertThat(ByteBuffer.wrap(whole, offset, piece.capacity())).isEqualTo(piece.flip());
      }
    }
  }

  private static byte[] transferred(Content content) throws IOException {
    ByteBuffer target = ByteBuffer.allocate((int) content.sizeBytes());
    content.transferTo(
        new Content.Sink() {
          @Override
          public void data(ByteBuffer bytes) {
            target.put(bytes);
          }

          @Override
          public void hole(long countBytes) {
            target.position(target.position() + (int) countBytes);
          }
        });
    return target.array();
  }

  /// A change here changes every image that anybody has: only for a reason that is written down.
  @ParameterizedTest
  @CsvSource({
    "512, FAT12, fe52965f08e93bf7b3f93c7a33618955258127be0a437874a931b32f6f1963ea",
    "512, FAT16, 444c010fa75c1546569c62262f3a178aa942d86ad0f1b6233aa890e778db0caa",
    "512, FAT32, 84c9afb12f416c7ca7d3cc5295f270766251c488358fd51d0082200f11a4fbb2",
    "4096, FAT12, 2ba4f5abb82adee5c7a458fa66b4e8727f1154acf7c4df63ed8c94466b2ca6cf",
  })
  void hasAlwaysHadTheseBytes(int sectorSizeBytes, FatType type, String expected) throws Exception {
    FatOptions options = Volumes.options(sectorSizeBytes).withType(type);
    Content volume = FatFileSystem.of(Volumes.systemPartition(MIB), options).content();
    assertThat(sha256(volume)).isEqualTo(expected);
  }

  private static String sha256(Content content) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream bytes = content.asInputStream()) {
      byte[] piece = new byte[1 << 16];
      for (int count = bytes.read(piece); count >= 0; count = bytes.read(piece)) {
        digest.update(piece, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void assertRefused(
      FileTree tree, FatOptions options, FatException.Problem problem) {
    assertThatThrownBy(() -> FatFileSystem.of(tree, options))
        .isInstanceOfSatisfying(FatException.class, e -> assertThat(e.problem()).isEqualTo(problem))
        .hasMessage(problem.message());
  }

  private static long contentBytes(FileTree tree) {
    List<Long> sizes = new ArrayList<>();
    tree.walk((TreePath path, Inode inode) -> {
      if (inode instanceof RegularFile file) {
        sizes.add(file.content().sizeBytes());
      }
    });
    return sizes.stream().mapToLong(Long::longValue).sum();
  }

  /// Paths, types, times and contents of a tree, in a form that compares.
  private static TreeMap<String, String> described(FileTree tree) throws IOException {
    TreeMap<String, String> described = new TreeMap<>();
    tree.walk((TreePath path, Inode inode) ->
        described.put(path.toString(), path.isRoot() ? "/" : description(inode)));
    return described;
  }

  private static String description(Inode inode) throws IOException {
    Instant modified = inode.attributes().modified();
    return switch (inode) {
      case Directory _ -> "directory " + modified;
      case RegularFile file ->
          modified + " " + HexFormat.of().formatHex(file.content().toByteArray());
      default -> throw new AssertionError(inode);
    };
  }
}
