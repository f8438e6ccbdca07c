package io.github.container2boot.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.squashfs.BlockWorkers;
import io.github.container2boot.squashfs.SquashfsOptions;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.Tools;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerCacheTest {
  private static final int IMAGE_BYTES = 3_500_000;

  @TempDir Path temporary;
  private CacheDirectory directory;
  private final List<String> warnings = new ArrayList<>();
  private final AtomicInteger made = new AtomicInteger();

  @BeforeEach
  void inATemporaryDirectory() {
    directory = new CacheDirectory(temporary.resolve("cache"));
  }

  @Test
  void anImageIsMadeOnce() throws Exception {
    byte[] first = imageOf(1);
    assertThat(imageOf(1)).isEqualTo(first).hasSize(IMAGE_BYTES);
    assertThat(made).hasValue(1);
    assertThat(imageOf(2)).isNotEqualTo(first);
    assertThat(made).hasValue(2);
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatChangesTheBytesChangesTheKey() {
    Digest layer = digest(1);
    assertThat(
            Stream.of(
                    options("zstd:6", 17),
                    options("zstd:7", 17),
                    options("zstd:6", 16),
                    options("xz:6", 17))
                .map(options -> ImageKey.ofLayer(layer, options).fileName()))
        .doesNotHaveDuplicates()
        .allMatch(name -> ImageKey.parse(name).orElseThrow().fileName().equals(name));
    assertThat(ImageKey.ofLayer(layer, options("zstd:6", 17)).fileName())
        .isEqualTo(
            "sha256-" + layer.hex() + "-zstd-6-131072-" + LayerImage.FORMAT_VERSION + ".squashfs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "lock", "a.squashfs", "sha256-00-zstd-6-131072-1.squashfs"})
  void otherNamesAreNoKeys(String name) {
    assertThat(ImageKey.parse(name)).isEmpty();
  }

  /// Whatever happens to a file, the build gets the right bytes, and the next one finds it mended.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "flip 0",
        "flip 1048576",
        "flip 3499999",
        "flip 3500000",
        "flip -1",
        "flip -12",
        "flip -20",
        "cut 0",
        "cut 1",
        "cut 19",
        "cut 1000000",
        "cut 3500000",
        "cut -1",
        "grow",
        "empty hole",
        "other layer's",
        "a directory",
        "a symbolic link",
        "writable by all"
      })
  void whatIsDamagedIsMadeAnew(String damage) throws Exception {
    byte[] right = imageOf(1);
    imageOf(2);
    damage(damage);
    assertThat(imageOf(1)).isEqualTo(right);
    assertThat(made).hasValue(3);
    assertThat(warnings).hasSize(1).first().asString().contains("made anew");
    assertThat(imageOf(1)).isEqualTo(right);
    assertThat(made).hasValue(3);
  }

  private void damage(String damage) throws Exception {
    Path file = directory.file(key(1));
    String[] words = damage.split(" ");
    switch (words[0]) {
      case "flip" -> flip(file, Long.parseLong(words[1]));
      case "cut" -> cut(file, Long.parseLong(words[1]));
      case "grow" -> Files.write(file, new byte[1], StandardOpenOption.APPEND);
      case "empty" -> {
        long size = Files.size(file);
        cut(file, 0);
        try (FileChannel hole = FileChannel.open(file, StandardOpenOption.WRITE)) {
          hole.write(ByteBuffer.allocate(1), size - 1);
        }
      }
      case "other" -> {
        Files.delete(file);
        Files.copy(directory.file(key(2)), file);
      }
      case "writable" ->
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
      default -> {
        Path away = Files.move(file, temporary.resolve("away"));
        if (damage.equals("a directory")) {
          Files.createDirectory(file);
        } else {
          Files.createSymbolicLink(file, away);
        }
      }
    }
  }

  private static void flip(Path file, long offset) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[Math.floorMod(offset, bytes.length)] ^= 4;
    Files.write(file, bytes);
  }

  private static void cut(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size < 0 ? channel.size() + size : size);
    }
  }

  @Test
  void anotherUsersFileIsNotTrusted() throws Exception {
    Tools.requireRoot();
    byte[] right = imageOf(1);
    Files.setAttribute(directory.file(key(1)), "unix:uid", 65_534);
    assertThat(imageOf(1)).isEqualTo(right);
    assertThat(warnings).hasSize(1).first().asString().contains("belongs to another user");
    assertThat(Files.getAttribute(directory.file(key(1)), "unix:uid")).isEqualTo(0);
  }

  @Test
  void anotherUsersDirectoryIsNotUsed() throws Exception {
    Tools.requireRoot();
    imageOf(1);
    Files.setAttribute(directory.path(), "unix:uid", 65_534);
    assertThatThrownBy(this::open)
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("belongs to another user");
  }

  @Test
  void aFileIsNoDirectory() throws Exception {
    Files.createFile(directory.path());
    assertThatThrownBy(this::open)
        .isInstanceOf(CacheException.class)
        .hasMessage(directory.path() + ": expected a directory");
  }

  @Test
  void whatFailsLeavesNothing() throws Exception {
    try (LayerCache cache = open()) {
      assertThatThrownBy(() ->
              cache.image(
                  key(1),
                  target -> {
                    target.write(ByteBuffer.allocate(1000));
                    throw FormatException.malformed("no layer");
                  }))
          .isInstanceOf(FormatException.class);
      assertThat(files()).isEmpty();
      assertThat(cache.image(key(1), maker(1)).toByteArray()).hasSize(IMAGE_BYTES);
    }
  }

  /// When one layer fails, the threads of all others are interrupted.
  @Test
  void whatIsNoLongerWantedIsNotTakenForDamaged() throws Exception {
    imageOf(1);
    try (LayerCache cache = open()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> cache.image(key(1), maker(1))).isInstanceOf(IOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(warnings).isEmpty();
    assertThat(imageOf(1)).hasSize(IMAGE_BYTES);
    assertThat(made).hasValue(1);
  }

  @Test
  void aLinkToAnotherDiskMayStandForTheDirectory() throws Exception {
    Path other = Files.createDirectory(temporary.resolve("other"));
    Files.createSymbolicLink(directory.path(), other);
    imageOf(1);
    assertThat(other.resolve("layers")).isNotEmptyDirectory();
    assertThat(directory.entries()).hasSize(1);
  }

  @Test
  void butNotToAnotherUsers() throws Exception {
    Tools.requireRoot();
    Path other = Files.createDirectory(temporary.resolve("other"));
    Files.setAttribute(other, "unix:uid", 65_534);
    Files.createSymbolicLink(directory.path(), other);
    assertThatThrownBy(this::open)
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("belongs to another user");
  }

  @Test
  void manyWhoWantTheSameGetItMadeOnce() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (LayerCache one = open();
        LayerCache other = open();
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      LayerCache.Maker slow =
          target -> {
            begun.countDown();
            sleep(200);
            maker(1).make(target);
          };
      List<Callable<byte[]>> wishes = new ArrayList<>();
      for (int wish = 0; wish < 6; wish++) {
        LayerCache cache = wish % 2 == 0 ? one : other;
        wishes.add(() -> cache.image(key(1), slow).toByteArray());
      }
      for (Future<byte[]> image : threads.invokeAll(wishes)) {
        assertThat(image.get()).hasSize(IMAGE_BYTES);
      }
    }
    assertThat(made).hasValue(1);
    assertThat(begun.getCount()).isZero();
  }

  @Test
  void whatWasUsedLongestAgoGoesFirst() throws Exception {
    for (int layer = 1; layer <= 4; layer++) {
      imageOf(layer);
      Files.setLastModifiedTime(
          directory.file(key(layer)), FileTime.from(Instant.ofEpochSecond(1000L * layer)));
    }
    imageOf(1);
    assertThat(directory.entries())
        .extracting(CacheEntry::key)
        .containsExactly(key(2), key(3), key(4), key(1));

    assertThat(directory.prune(2 * IMAGE_BYTES + 10_000))
        .extracting(CacheEntry::key)
        .containsExactly(key(2), key(3));
    assertThat(directory.entries()).extracting(CacheEntry::key).containsExactly(key(4), key(1));
    assertThat(directory.prune(0)).hasSize(2);
    assertThat(files()).isEmpty();
  }

  @Test
  void whatABuildUsesStays() throws Exception {
    imageOf(1);
    imageOf(2);
    try (LayerCache cache = open()) {
      Content used = cache.image(key(1), maker(1));
      assertThat(directory.prune(0)).extracting(CacheEntry::key).containsExactly(key(2));
      assertThat(used.toByteArray()).hasSize(IMAGE_BYTES);
    }
    assertThat(directory.prune(0)).extracting(CacheEntry::key).containsExactly(key(1));
  }

  @Test
  void closingKeepsTheLimit() throws Exception {
    imageOf(1);
    try (LayerCache cache =
        LayerCache.open(directory, OptionalLong.of(IMAGE_BYTES + 10_000), warnings::add)) {
      cache.image(key(2), maker(2));
      cache.image(key(1), maker(1));
    }
    assertThat(directory.entries()).extracting(CacheEntry::key).containsExactly(key(1));
  }

  @Test
  void whatADeadProcessLeftIsSwept() throws Exception {
    imageOf(1);
    Path left = Path.of(directory.file(key(2)) + ".partial-4194305");
    Files.write(left, new byte[10]);
    open().close();
    assertThat(left).doesNotExist();
    assertThat(directory.entries()).hasSize(1);
  }

  /// The images of a format version never change: a cache would go on handing out the old ones.
  /// When this fails, raise [LayerImage#FORMAT_VERSION] together with the hash.
  @Test
  void theFormatVersionStandsForTheseBytes() throws Exception {
    TarBuilder archive = new TarBuilder();
    for (int file = 0; file < 40; file++) {
      archive.file(
          "usr/share/" + file, ("line " + file + "\n").repeat(file * file * 10).getBytes());
    }
    archive.file("usr/lib/noise", noise(9, 300_000)).file("etc/.wh.gone", new byte[0]);
    Path image = temporary.resolve("layer.squashfs");
    try (FileChannel target =
            FileChannel.open(
                image,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        BlockWorkers workers = BlockWorkers.start(options("zstd:6", 17))) {
      LayerImage.write(new ByteArrayInputStream(archive.build()), target, workers);
    }
    assertThat(LayerImage.FORMAT_VERSION).isEqualTo(1);
    assertThat(Digest.of(Digest.Algorithm.SHA256, Files.readAllBytes(image)).hex())
        .isEqualTo("c20489ef4440457d9bce907b30e280753702988a5ffb46e20abda588cf60107b");
  }

  private byte[] imageOf(int layer) throws IOException {
    try (LayerCache cache = open()) {
      return cache.image(key(layer), maker(layer)).toByteArray();
    }
  }

  private LayerCache open() throws CacheException {
    return LayerCache.open(directory, OptionalLong.empty(), warnings::add);
  }

  private LayerCache.Maker maker(int layer) {
    return target -> {
      made.incrementAndGet();
      target.write(ByteBuffer.wrap(noise(layer, IMAGE_BYTES)));
    };
  }

  private static ImageKey key(int layer) {
    return ImageKey.ofLayer(digest(layer), options("zstd:6", 17));
  }

  private static Digest digest(int layer) {
    return Digest.of(Digest.Algorithm.SHA256, new byte[] {(byte) layer});
  }

  private static SquashfsOptions options(String compression, int blockSizeLog2) {
    return new SquashfsOptions(
        CompressionSettings.parse(compression), 1 << blockSizeLog2, Instant.EPOCH, 2);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory.path().resolve("layers"))) {
      return files.toList();
    }
  }

  private static byte[] noise(long seed, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }
}
