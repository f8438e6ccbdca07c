package io.github.container2boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.container2boot.build.CacheChoice;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.layer.CacheDirectory;
import io.github.container2boot.layer.ImageKey;
import io.github.container2boot.layer.LayerCache;
import io.github.container2boot.oci.Digest;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheCommandTest {
  @TempDir Path temporary;

  @Test
  void anEmptyCacheIsNoFailure() {
    for (String command : List.of("ls", "prune", "clear", "verify")) {
      CommandRun run = cache(command);
      assertThat(run.exitCode()).as(command).isZero();
      assertThat(run.out()).contains("0 images (0 B)").contains(directory().toString());
      assertThat(directory()).doesNotExist();
    }
  }

  @Test
  void whatIsThereIsListed() throws Exception {
    keep(1, 2_000_000);
    keep(2, 1000);
    assertThat(cache("ls").out())
        .isEqualTo(
            """
            IMAGE                      COMPRESSION  BLOCK       SIZE  LAST USED
            layer sha256:4bf5122f3445  zstd:6        128K    1.9 MiB  2026-11-01 12:01
            layer sha256:dbc1b4c900ff  zstd:6        128K    1.0 KiB  2026-11-01 12:02
            2 images (1.9 MiB) in %s
            """
                .formatted(directory()));
  }

  @Test
  void pruningKeepsWhatWasUsedLast() throws Exception {
    keep(1, 2_000_000);
    keep(2, 1_000_000);
    assertThat(cache("prune").out()).startsWith("removed 0 images (0 B); 2 images");
    assertThat(cache("prune", "--limit", "1M").out())
        .startsWith("removed 1 image (1.9 MiB); 1 image (977 KiB) left in ");
    assertThat(cache("clear").out()).startsWith("removed 1 image (977 KiB); 0 images");
    assertThat(layers()).isEmpty();
  }

  @Test
  void whatIsDamagedIsNamed() throws Exception {
    keep(1, 10_000);
    keep(2, 10_000);
    assertThat(cache("verify").out()).startsWith("2 images (19.6 KiB) in ");
    Path damaged = layers().getFirst();
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[99] ^= 1;
    Files.write(damaged, bytes);
    CommandRun run = cache("verify");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).startsWith(damaged + ": ").hasLineCount(1);
    assertThat(run.err())
        .isEqualTo(
            "container2boot: 1 of 2 images are damaged; the next build that needs one makes it anew\n");
  }

  @Test
  void clearingAlsoTakesWhatAKilledBuildLeft() throws Exception {
    keep(1, 10_000);
    Path left = Path.of(layers().getFirst() + ".partial-4194305");
    Files.write(left, new byte[10]);
    cache("clear");
    assertThat(layers()).isEmpty();
  }

  @Test
  void withoutAHomeSomebodyMustSayWhere() {
    Map<String, String> nowhere = Map.of("HOME", "", "XDG_CACHE_HOME", "");
    String home = System.setProperty("user.home", "?");
    try {
      CommandRun run = CommandRun.with(nowhere, (_, _) -> CommandRun.MANIFEST, "cache", "ls");
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err())
          .isEqualTo("container2boot: no home directory; say with --cache-dir where\n");
      assertThat(
              CommandRun.with(nowhere, (_, _) -> CommandRun.MANIFEST, "build", "x").plan().cache())
          .isEqualTo(new CacheChoice.None());
    } finally {
      System.setProperty("user.home", home);
    }
  }

  @Test
  void wrongUsageIsSaid() {
    assertThat(CommandRun.of("cache").exitCode()).isEqualTo(2);
    assertThat(cache("prune", "--limit", "much").exitCode()).isEqualTo(2);
    assertThat(cache("empty").exitCode()).isEqualTo(2);
  }

  private void keep(int layer, int sizeBytes) throws Exception {
    ImageKey key =
        new ImageKey(
            ImageKey.Kind.LAYER,
            Digest.of(Digest.Algorithm.SHA256, new byte[] {(byte) layer}),
            CompressionSettings.parse("zstd:6"),
            128 << 10,
            1);
    CacheDirectory directory = new CacheDirectory(directory());
    try (LayerCache cache = LayerCache.open(directory, OptionalLong.empty(), warning -> {})) {
      cache.image(key, target -> target.write(ByteBuffer.allocate(sizeBytes)));
    }
    Instant used =
        LocalDateTime.of(2026, 11, 1, 12, layer).atZone(ZoneId.systemDefault()).toInstant();
    Files.setLastModifiedTime(directory.entries().getLast().file(), FileTime.from(used));
  }

  private CommandRun cache(String... arguments) {
    List<String> line = new ArrayList<>(List.of("cache"));
    line.addAll(List.of(arguments));
    return CommandRun.with(
        Map.of("XDG_CACHE_HOME", temporary.toString()),
        (_, _) -> CommandRun.MANIFEST,
        line.toArray(String[]::new));
  }

  private Path directory() {
    return temporary.resolve("container2boot");
  }

  private List<Path> layers() throws Exception {
    try (Stream<Path> files = Files.list(directory().resolve("layers"))) {
      return files.sorted().toList();
    }
  }
}
