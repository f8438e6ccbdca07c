package io.github.container2boot.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import io.github.container2boot.boot.BootableFiles;
import io.github.container2boot.layer.CacheDirectory;
import io.github.container2boot.layer.CacheEntry;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.OciLayout;
import io.github.container2boot.testing.Program;
import io.github.container2boot.testing.Tools;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program, process by process, with a cache between them.
class CachedBuildTest {
  @TempDir Path temporary;

  @Test
  void theBytesDoNotDependOnTheCache() throws Exception {
    Path layout = image(machine(), Map.of("srv/data", text(1, 900_000)));
    Map<String, String> without = build(layout, "--no-cache", "--threads", "1");
    assertThat(cache()).doesNotExist();
    assertThat(build(layout, "--cache-dir", cache(), "--threads", "3")).isEqualTo(without);
    assertThat(build(layout, "--cache-dir", cache())).isEqualTo(without);
    assertThat(build(layout, "--cache-dir", cache(), "--threads", "1")).isEqualTo(without);
    assertThat(entries()).hasSize(3);
    assertThat(Program.run("cache", "verify", "--cache-dir", cache())).contains("none of them");
  }

  @Test
  void aLayerInTheCacheIsNotRead() throws Exception {
    Path layout = image(machine());
    Map<String, String> first = build(layout, "--cache-dir", cache());
    for (Path blob : largeBlobs(layout)) {
      byte[] nothing = new byte[(int) Files.size(blob)];
      Files.delete(blob);
      Files.write(blob, nothing);
    }
    assertThat(build(layout, "--cache-dir", cache())).isEqualTo(first);
    Tools.Result unaided = run(layout, "--no-cache");
    assertThat(unaided.exitCode()).isEqualTo(1);
    assertThat(unaided.text()).contains("layer 1 of 1");
  }

  @Test
  void otherOptionsAreOtherImages() throws Exception {
    Path layout = image(machine());
    build(layout, "--cache-dir", cache());
    build(layout, "--cache-dir", cache(), "--compression", "zstd:3");
    build(layout, "--cache-dir", cache(), "--block-size", "64K");
    build(layout, "--cache-dir", cache(), "--append", "quiet", "--rootlabel", "OTHER");
    assertThat(entries()).hasSize(6);
  }

  /// What is kept of a root serves every build of the same root, and no other.
  @Test
  void aRootInTheCacheIsNotAssembledAgain() throws Exception {
    Path layout = image(machine(), Map.of("srv/data", text(1, 900_000)));
    build(layout, "--cache-dir", cache());
    Tools.Result second = run(layout, "--verbose", "--cache-dir", cache());
    assertThat(second.text()).contains("root file system is in the cache");
    for (List<String> choice : CHOICES) {
      assertThat(build(layout, with(choice, "--cache-dir", cache())))
          .isEqualTo(build(layout, with(choice, "--no-cache")));
    }
    Path other = image(machine(), Map.of("srv/data", text(2, 900_000)));
    assertThat(build(other, "--cache-dir", cache())).isEqualTo(build(other, "--no-cache"));
  }

  private static final List<List<String>> CHOICES =
      List.of(
          List.of("--keep-initrd"),
          List.of("--append", "quiet", "--rootlabel", "OTHER"),
          List.of("--format", "esp"),
          List.of("--kernel", BootableFiles.KERNEL));

  private static Object[] with(List<String> choice, Object... more) {
    List<Object> arguments = new ArrayList<>(choice);
    arguments.addAll(List.of(more));
    return arguments.toArray();
  }

  /// Its root is in the cache too, with what the kernel can read: that was chosen, not asked for.
  @Test
  void aCompressionThatTheKernelCannotReadIsRefusedWithACacheToo() throws Exception {
    byte[] configuration =
        "CONFIG_SQUASHFS=y\nCONFIG_SQUASHFS_ZLIB=y\nCONFIG_BLK_DEV_LOOP=y\nCONFIG_OVERLAY_FS=y\n"
            .getBytes(StandardCharsets.UTF_8);
    Path layout = image(machine(), Map.of("boot/config-" + BootableFiles.KERNEL, configuration));
    build(layout, "--cache-dir", cache());
    Tools.Result asked = run(layout, "--cache-dir", cache(), "--compression", "zstd:6");
    assertThat(asked.exitCode()).isEqualTo(1);
    assertThat(asked.text()).contains("zstd");
  }

  @Test
  void aDamagedImageIsMadeAnewAndSaidSo() throws Exception {
    Path layout = image(machine());
    Map<String, String> right = build(layout, "--cache-dir", cache());
    Path file = entries().getFirst().file();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Tools.Result mended = run(layout, "--cache-dir", cache());
    assertThat(mended.text()).contains("warning: the cache held a damaged layer sha256:");
    assertThat(outputs()).isEqualTo(right);
    assertThat(run(layout, "--cache-dir", cache()).text()).doesNotContain("damaged");
  }

  @Test
  void aCacheThatCannotBeUsedIsNoFailure() throws Exception {
    Path layout = image(machine());
    Map<String, String> right = build(layout, "--no-cache");
    Path file = Files.createFile(temporary.resolve("file"));
    Tools.Result result = run(layout, "--cache-dir", file);
    assertThat(result.text())
        .contains("warning: the layer cache cannot be used, the build goes on without it: " + file);
    assertThat(outputs()).isEqualTo(right);
  }

  @Test
  void aFullOrReadOnlyCacheIsNoFailure() throws Exception {
    Tools.requireRoot();
    Tools.require("mount", "umount");
    Path layout = image(machine(), Map.of("srv/noise", noise(3, 3 << 20)));
    Map<String, String> right = build(layout, "--no-cache");
    Path small = Files.createDirectory(temporary.resolve("small"));
    Tools.run("mount", "-t", "tmpfs", "-o", "size=2m,mode=755", "tmpfs", small);
    try {
      assertThat(run(layout, "--cache-dir", small).text())
          .contains("goes on without it")
          .contains("No space left on device");
      assertThat(outputs()).isEqualTo(right);
      assertThat(filesIn(small)).noneMatch(name -> name.contains("partial"));

      Tools.run("mount", "-o", "remount,ro", small);
      assertThat(run(layout, "--cache-dir", small).text()).contains("goes on without it");
      assertThat(outputs()).isEqualTo(right);
    } finally {
      Tools.run("umount", small);
    }
  }

  @Test
  void theLimitHolds() throws Exception {
    Path layout = image(machine(), Map.of("srv/noise", noise(3, 3 << 20)));
    build(layout, "--cache-dir", cache(), "--cache-limit", "2M");
    assertThat(entries().stream().mapToLong(CacheEntry::sizeBytes).sum()).isLessThan(2 << 20);
  }

  /// In a file that shares a block with others and in one with blocks of its own, compressible so
  /// that it can only be found after decompression.
  @Test
  void nothingOfADeletedFileIsInAnyOutput() throws Exception {
    byte[] small = text(11, 2_000);
    byte[] large = text(12, 700_000);
    Map<String, byte[]> below = machine();
    below.put("etc/secret", small);
    below.put("etc/neighbour", text(13, 2_000));
    below.put("srv/secret", large);
    build(image(below), "--cache-dir", cache());
    assertThat(found(small)).as("the search finds what is there").isTrue();
    assertThat(found(large)).as("the search finds what is there").isTrue();

    Path layout =
        image(below, Map.of("etc/.wh.secret", new byte[0], "srv/.wh.secret", new byte[0]));
    for (Object[] options :
        new Object[][] {{"--no-cache"}, {"--cache-dir", cache()}, {"--cache-dir", cache()}}) {
      build(layout, options);
      assertThat(found(small)).isFalse();
      assertThat(found(large)).isFalse();
      assertThat(found(below.get("etc/neighbour"))).isTrue();
    }
  }

  /// Two builds at a time that share a cache, killed whenever it may be.
  @Test
  @Tag("full")
  void killedBuildsLeaveACacheThatWorks() throws Exception {
    Path layout =
        image(
            machine(),
            Map.of("srv/noise", noise(3, 24 << 20)),
            Map.of("srv/text", text(4, 24 << 20)));
    Map<String, String> right = build(layout, "--no-cache");
    long start = System.nanoTime();
    build(layout, "--no-cache");
    long mostMilliseconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) * 3 / 2;
    Random moments = new Random(20_26);
    int killed = 0;
    for (int round = 0; round < 50; round++) {
      if (round % 5 == 0) {
        Program.run("cache", "clear", "--cache-dir", cache());
      }
      Process one = start(layout, "one");
      Process other = start(layout, "other");
      TimeUnit.MILLISECONDS.sleep(moments.nextLong(mostMilliseconds));
      killed += kill(one) + kill(other);
      if (round % 10 == 9) {
        assertThat(build(layout, "--cache-dir", cache())).isEqualTo(right);
      }
    }
    assertThat(killed).isGreaterThan(25);
    assertThat(build(layout, "--cache-dir", cache())).isEqualTo(right);
    assertThat(build(layout, "--cache-dir", cache())).isEqualTo(right);
    assertThat(Program.run("cache", "verify", "--cache-dir", cache())).contains("none of them");
    assertThat(filesIn(cache().resolve("layers"))).noneMatch(name -> name.contains("partial"));
  }

  private Process start(Path layout, String name) throws IOException {
    Path out = temporary.resolve("out-" + name);
    return Program.process("build", "--cache-dir", cache(), "-o", out, "oci:" + layout)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /// Returns 1 if there still was something to kill.
  private static int kill(Process process) throws InterruptedException {
    boolean alive = process.isAlive();
    process.destroyForcibly().waitFor();
    return alive ? 1 : 0;
  }

  private Map<String, String> build(Path layout, Object... options) throws IOException {
    Tools.Result result = run(layout, options);
    assertThat(result.exitCode()).as(result.text()).isZero();
    return outputs();
  }

  private Tools.Result run(Path layout, Object... options) {
    List<Object> line = new ArrayList<>(List.of("build", "-f", "disk,esp", "-o", out()));
    line.addAll(List.of(options));
    line.add("oci:" + layout);
    return Program.execute(line.toArray());
  }

  private Path out() {
    return temporary.resolve("out");
  }

  private Path cache() {
    return temporary.resolve("cache");
  }

  private List<CacheEntry> entries() throws IOException {
    return new CacheDirectory(cache()).entries();
  }

  /// Every output by its name, and its digest.
  private Map<String, String> outputs() throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (Path file : regularFiles(out())) {
      digests.put(out().relativize(file).toString(), Tools.run("sha256sum", file).substring(0, 64));
    }
    assertThat(digests)
        .containsKeys("disk.img", "manifest.json", "esp/container2boot/squashfs.img");
    return digests;
  }

  private static List<Path> regularFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static List<String> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }

  /// Whether a stretch of `secret` is in an output, or in what any zstd frame in it decompresses
  /// to.
  private boolean found(byte[] secret) throws IOException {
    byte[] stretch = Arrays.copyOfRange(secret, secret.length / 2, secret.length / 2 + 40);
    for (Path file : regularFiles(out())) {
      byte[] bytes = Files.readAllBytes(file);
      if (contains(bytes, stretch) || framesContain(bytes, stretch)) {
        return true;
      }
    }
    return false;
  }

  private static boolean framesContain(byte[] bytes, byte[] stretch) {
    byte[] magic = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
    for (int at = indexOf(bytes, magic, 0); at >= 0; at = indexOf(bytes, magic, at + 1)) {
      if (contains(decompressed(bytes, at), stretch)) {
        return true;
      }
    }
    return false;
  }

  /// What can be decompressed of the frame at `offset`; no block is larger than 1 MiB.
  private static byte[] decompressed(byte[] bytes, int offset) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try (ZstdInputStream frame =
        new ZstdInputStream(new ByteArrayInputStream(bytes, offset, bytes.length - offset))) {
      byte[] piece = new byte[1 << 20];
      for (int count = frame.read(piece); count > 0; count = frame.read(piece)) {
        content.write(piece, 0, count);
      }
    } catch (IOException endOfFrame) {
      // What follows the frame is something else.
    }
    return content.toByteArray();
  }

  private static boolean contains(byte[] bytes, byte[] wanted) {
    return indexOf(bytes, wanted, 0) >= 0;
  }

  private static int indexOf(byte[] bytes, byte[] wanted, int from) {
    for (int at = from; at + wanted.length <= bytes.length; at++) {
      if (bytes[at] == wanted[0]
          && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static Map<String, byte[]> machine() {
    return new HashMap<>(BootableFiles.debian());
  }

  /// An image layout with these layers, the lowest first.
  @SafeVarargs
  private Path image(Map<String, byte[]>... layers) throws IOException {
    List<Path> archives = new ArrayList<>();
    for (Map<String, byte[]> layer : layers) {
      TarBuilder archive = new TarBuilder();
      new TreeMap<>(layer).forEach(archive::file);
      archives.add(Files.write(Files.createTempFile(temporary, "layer", ".tar"), archive.build()));
    }
    Path layout = Files.createTempDirectory(temporary, "layout");
    OciLayout.write(layout, archives);
    return layout;
  }

  private static List<Path> largeBlobs(Path layout) throws IOException {
    return regularFiles(layout).stream().filter(file -> file.toFile().length() > 10_000).toList();
  }

  /// Hexadecimal digits: no two stretches are the same, and they compress.
  private static byte[] text(long seed, int sizeBytes) {
    byte[] text = new byte[sizeBytes];
    Random random = new Random(seed);
    for (int index = 0; index < text.length; index++) {
      text[index] = (byte) "0123456789abcdef".charAt(random.nextInt(16));
    }
    return text;
  }

  private static byte[] noise(long seed, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
