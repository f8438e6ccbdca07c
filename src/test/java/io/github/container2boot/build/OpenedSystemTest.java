package io.github.container2boot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.boot.BootException;
import io.github.container2boot.boot.BootableFiles;
import io.github.container2boot.boot.EspTree;
import io.github.container2boot.boot.RootLocation;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.source.Source;
import io.github.container2boot.source.SourceSettings;
import io.github.container2boot.tar.TarBuilder;
import io.github.container2boot.testing.OciLayout;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A system that is read where a build would write it.
class OpenedSystemTest {
  @TempDir Path temporary;
  private Path layout;

  @BeforeEach
  void makeImage() throws Exception {
    Map<String, byte[]> files = BootableFiles.debian();
    byte[] noise = new byte[900_000];
    new Random(1).nextBytes(noise);
    files.put("srv/noise", noise);
    layout = image(files);
  }

  private Path image(Map<String, byte[]> files) throws IOException {
    TarBuilder archive = new TarBuilder();
    new TreeMap<>(files).forEach(archive::file);
    Path tar = Files.write(Files.createTempFile(temporary, "layer", ".tar"), archive.build());
    Path directory = Files.createTempDirectory(temporary, "layout");
    OciLayout.write(directory, List.of(tar));
    return directory;
  }

  @Test
  void itIsWhatABuildWrites() throws Exception {
    for (CacheChoice cache : caches()) {
      Path written = temporary.resolve("written");
      Manifest manifest = new ImageBuilder(plan(written, cache), Progress.unwatched()).build();
      try (OpenedSystem opened = open(temporary.resolve("scratch"), cache)) {
        assertThat(opened.disk().content().toByteArray())
            .isEqualTo(Files.readAllBytes(written.resolve("disk.img")));
        for (Output output : manifest.outputs()) {
          if (output.path().startsWith("esp/")) {
            assertThat(inEsp(opened.esp(), output.path().substring("esp".length())).toByteArray())
                .isEqualTo(Files.readAllBytes(written.resolve(output.path())));
          }
        }
        assertThat(opened.root().toByteArray())
            .isEqualTo(inEsp(opened.esp(), EspTree.ROOT_IMAGE).toByteArray());
        assertThat(opened.commandLine().text()).isEqualTo(manifest.commandLine());
        assertThat(opened.manifest().layers()).isEqualTo(manifest.layers());
        assertThat(opened.manifest().outputs()).isEmpty();
      }
    }
  }

  private List<CacheChoice> caches() {
    CacheChoice kept = new CacheChoice.In(temporary.resolve("cache"), OptionalLong.empty());
    return List.of(new CacheChoice.None(), kept, kept);
  }

  @Test
  void nothingIsLeftWhenItIsClosed() throws Exception {
    Path scratch = temporary.resolve("scratch");
    try (OpenedSystem opened = open(scratch, new CacheChoice.None())) {
      assertThat(scratch).isDirectory();
      assertThat(opened.root().sizeBytes()).isPositive();
    }
    assertThat(scratch).doesNotExist();
  }

  @Test
  void nothingIsLeftWhenItCannotBeOpened() throws Exception {
    Map<String, byte[]> files = BootableFiles.debian();
    files.keySet().removeIf(path -> path.contains("vmlinuz"));
    layout = image(files);
    Path scratch = temporary.resolve("scratch");
    assertThatThrownBy(() -> open(scratch, new CacheChoice.None()))
        .isInstanceOf(BootException.class);
    assertThat(scratch).doesNotExist();
  }

  /// The user's own arguments hold wherever it boots from.
  @Test
  void aRootOnAServerHasACommandLineToo() throws Exception {
    try (OpenedSystem opened = open(temporary.resolve("scratch"), new CacheChoice.None())) {
      assertThat(
              opened
                  .commandLine(new RootLocation.OnServer("http://10.0.2.2:8080/squashfs.img"))
                  .text())
          .startsWith("root=live:http://10.0.2.2:8080/squashfs.img ")
          .endsWith(" quiet");
    }
  }

  /// A build beside it that makes the cache smaller takes nothing from it.
  @Test
  void whatItReadsStaysInTheCache() throws Exception {
    Path cache = temporary.resolve("cache");
    try (OpenedSystem opened =
        open(temporary.resolve("scratch"), new CacheChoice.In(cache, OptionalLong.empty()))) {
      byte[] before = opened.root().toByteArray();
      Path other = temporary.resolve("other");
      new ImageBuilder(
              plan(other, new CacheChoice.In(cache, OptionalLong.of(1))), Progress.unwatched())
          .build();
      try (Stream<Path> entries = Files.walk(cache)) {
        assertThat(entries.filter(Files::isRegularFile).mapToLong(OpenedSystemTest::size).sum())
            .isGreaterThan(900_000);
      }
      assertThat(opened.root().toByteArray()).isEqualTo(before);
    }
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  private static Content inEsp(FileTree esp, String path) {
    return ((RegularFile) esp.find(path).orElseThrow()).content();
  }

  private OpenedSystem open(Path scratch, CacheChoice cache) throws Exception {
    return new ImageBuilder(plan(scratch, cache), Progress.unwatched()).open();
  }

  private BuildPlan plan(Path directory, CacheChoice cache) {
    return new BuildPlan(
        new Source.LayoutDirectory(layout, Optional.empty()),
        SourceSettings.none(),
        Optional.empty(),
        directory,
        new ArrayList<>(OutputFormat.ALL),
        new BuildPlan.RootSettings(new CompressionChoice.Automatic(), 128 << 10, false),
        new BuildPlan.BootSettings(new KernelChoice.Newest(), List.of("quiet"), false, false),
        new BuildPlan.DiskSettings(new DiskSize.Automatic(), 512, "C2BOOT"),
        new BuildTime.OfImage(),
        cache,
        1);
  }
}
