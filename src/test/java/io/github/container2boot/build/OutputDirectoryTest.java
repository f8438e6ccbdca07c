package io.github.container2boot.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.container2boot.build.OutputException.Problem;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.testing.Tools;
import io.github.container2boot.tree.Attributes;
import io.github.container2boot.tree.FileName;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.FileTreeBuilder;
import io.github.container2boot.tree.RegularFile;
import io.github.container2boot.tree.SymbolicLink;
import io.github.container2boot.tree.TreePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputDirectoryTest {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
  private static final Attributes ROOT = Attributes.ofRoot(0_755, TIME);

  @TempDir Path temporary;

  @Test
  void anOutputAppearsOnlyWhenCommitted() throws IOException {
    Path directory = temporary.resolve("new/out");
    try (OutputDirectory out = OutputDirectory.open(directory)) {
      out.writeFile("disk.img", text("new"), _ -> {});
      assertThat(directory.resolve("disk.img")).doesNotExist();
      out.commit();
    }
    assertThat(directory.resolve("disk.img")).hasContent("new");
    assertThat(names(directory)).containsExactly("disk.img");
  }

  @Test
  void withoutCommitNothingChanges() throws IOException {
    Files.writeString(temporary.resolve("disk.img"), "old");
    Files.createDirectory(temporary.resolve("esp"));
    Files.writeString(temporary.resolve("esp/file"), "old");
    try (OutputDirectory out = OutputDirectory.open(temporary)) {
      out.writeFile("disk.img", text("new"), _ -> {});
      out.writeTree("esp", tree("file", text("new")), _ -> {});
    }
    assertThat(temporary.resolve("disk.img")).hasContent("old");
    assertThat(temporary.resolve("esp/file")).hasContent("old");
    assertThat(names(temporary)).containsExactly("disk.img", "esp");
  }

  @Test
  void directoriesMadeForNothingAreRemoved() throws IOException {
    OutputDirectory.open(temporary.resolve("a/b/c")).close();
    assertThat(temporary.resolve("a")).doesNotExist();
  }

  @Test
  void aTreeReplacesTheOldOneAsAWhole() throws IOException {
    Files.createDirectories(temporary.resolve("esp/EFI/old"));
    Files.writeString(temporary.resolve("esp/stale"), "stale");
    FileTree tree =
        new FileTreeBuilder(ROOT)
            .put("EFI/BOOT/BOOTX64.EFI", new RegularFile(ROOT, text("shim")))
            .put("container2boot/vmlinuz", new RegularFile(ROOT, text("kernel")))
            .build();
    List<Output> outputs;
    try (OutputDirectory out = OutputDirectory.open(temporary)) {
      outputs = out.writeTree("esp", tree, _ -> {});
      out.commit();
    }
    assertThat(outputs)
        .extracting(Output::path)
        .containsExactly("esp/EFI/BOOT/BOOTX64.EFI", "esp/container2boot/vmlinuz");
    assertThat(temporary.resolve("esp/EFI/BOOT/BOOTX64.EFI")).hasContent("shim");
    assertThat(temporary.resolve("esp/stale")).doesNotExist();
    assertThat(temporary.resolve("esp/EFI/old")).doesNotExist();
    assertThat(Files.getLastModifiedTime(temporary.resolve("esp/EFI")).toInstant()).isEqualTo(TIME);
    assertThat(Files.getLastModifiedTime(temporary.resolve("esp/EFI/BOOT/BOOTX64.EFI")).toInstant())
        .isEqualTo(TIME);
    assertThat(names(temporary)).containsExactly("esp");
  }

  @Test
  void theDigestIsThatOfTheFile() throws Exception {
    byte[] random = new byte[9_000_001];
    new Random(7).nextBytes(random);
    Path source = Files.write(temporary.resolve("source"), random);
    try (FileChannel channel = FileChannel.open(source);
        OutputDirectory out = OutputDirectory.open(temporary.resolve("out"))) {
      Content content =
          Content.concatenation(
              List.of(
                  text("head"),
                  Content.hole(10_000_000),
                  Content.ofFile(channel, 1, 9_000_000),
                  Content.of(ByteBuffer.wrap(random, 5, 600_000)),
                  Content.ofFile(channel, 77, 1000),
                  Content.hole(5)));
      AtomicLong metered = new AtomicLong();
      Output output = out.writeFile("disk.img", content, metered::addAndGet);
      out.commit();

      byte[] written = Files.readAllBytes(temporary.resolve("out/disk.img"));
      assertThat(written).isEqualTo(content.toByteArray());
      assertThat(output.sizeBytes()).isEqualTo(written.length).isEqualTo(metered.get());
      assertThat(output.sha256())
          .isEqualTo(
              HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(written)));
    }
  }

  @Test
  void holesTakeNoSpace() throws IOException {
    long sizeBytes = 64L << 20;
    try (OutputDirectory out = OutputDirectory.open(temporary)) {
      Content content =
          Content.concatenation(List.of(text("a"), Content.hole(sizeBytes - 2), text("z")));
      assertThat(out.writeFile("disk.img", content, _ -> {}).sizeBytes()).isEqualTo(sizeBytes);
      out.commit();
    }
    Path image = temporary.resolve("disk.img");
    assertThat(Files.size(image)).isEqualTo(sizeBytes);
    assertThat(allocatedBytes(image)).isLessThan(1 << 20);
  }

  private static long allocatedBytes(Path path) throws IOException {
    Process process = new ProcessBuilder("du", "-k", path.toString()).start();
    return 1024
        * Long.parseLong(
            new String(process.getInputStream().readAllBytes(), UTF_8).split("\\s+")[0]);
  }

  @Test
  void whatFailsInReadingIsNotTheOutputsFault() throws IOException {
    IOException failure = new IOException("layer 3 (sha256:1234): digest does not match");
    try (OutputDirectory out = OutputDirectory.open(temporary)) {
      assertThatThrownBy(() -> out.writeFile("disk.img", new Failing(failure), _ -> {}))
          .isSameAs(failure);
    }
    assertThat(names(temporary)).isEmpty();
  }

  @Test
  void aSourceThatEndsTooSoonIsAnError() throws IOException {
    Path source = Files.write(temporary.resolve("source"), new byte[100]);
    try (FileChannel channel = FileChannel.open(source);
        OutputDirectory out = OutputDirectory.open(temporary.resolve("out"))) {
      assertThatThrownBy(() -> out.writeFile("disk.img", Content.ofFile(channel, 50, 51), _ -> {}))
          .hasMessageContaining("ends too soon");
    }
  }

  @Test
  void neverReplacesADirectoryByAFileNorTheOtherWayRound() throws IOException {
    Files.createDirectory(temporary.resolve("disk.img"));
    Files.writeString(temporary.resolve("esp"), "a file");
    try (OutputDirectory out = OutputDirectory.open(temporary)) {
      assertThatThrownBy(() -> out.writeFile("disk.img", text("new"), _ -> {}))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("found a directory");
      assertThatThrownBy(() -> out.writeTree("esp", tree("file", text("new")), _ -> {}))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("found a file");
    }
  }

  @Test
  void aFullDiskIsSaidSoAndHarmsNothing() throws IOException {
    Tools.requireRoot();
    Tools.require("mount", "umount");
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    assumeTrue(
        Tools.execute("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk).exitCode() == 0,
        "needs to be allowed to mount");
    try {
      Files.writeString(disk.resolve("disk.img"), "old");
      byte[] random = new byte[2 << 20];
      new Random(3).nextBytes(random);
      Path source = Files.write(temporary.resolve("source"), random);
      try (FileChannel channel = FileChannel.open(source)) {
        for (Content content :
            List.of(Content.of(random), Content.ofFile(channel, 0, random.length))) {
          try (OutputDirectory out = OutputDirectory.open(disk)) {
            assertThatThrownBy(() -> out.writeFile("disk.img", content, _ -> {}))
                .isInstanceOfSatisfying(
                    OutputException.class,
                    full -> assertThat(full.problem()).isInstanceOf(Problem.NoSpace.class))
                .hasMessageStartingWith(disk.resolve("disk.img") + ": no space left after");
          }
          assertThat(names(disk)).containsExactly("disk.img");
          assertThat(disk.resolve("disk.img")).hasContent("old");
          try (OutputDirectory out = OutputDirectory.open(disk);
              FileChannel scratch = out.openScratchFile("scratch")) {
            IOException full =
                catchThrowableOfType(
                    IOException.class, () -> content.transferTo(new ChannelSink(scratch)));
            assertThat(out.explained(full)).hasMessage(disk + ": no space left");
          }
        }
      }
    } finally {
      Tools.run("umount", disk);
    }
  }

  @Test
  void theOutputDirectoryMustNotBeAFile() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    assertThatThrownBy(() -> OutputDirectory.open(file))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("expected a directory");
    assertThatThrownBy(() -> OutputDirectory.open(file.resolve("below")))
        .isInstanceOf(OutputException.class);
  }

  @Test
  void whatTakesNoFilesIsNotCalledFull() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs /proc");
    assertThatThrownBy(() -> OutputDirectory.open(Path.of("/proc/out")))
        .isInstanceOfSatisfying(
            OutputException.class,
            problem -> assertThat(problem.problem()).isNotInstanceOf(Problem.NoSpace.class));
  }

  @Test
  void onlyFilesAndDirectoriesFit() throws IOException {
    FileTree tree =
        new FileTreeBuilder(ROOT)
            .put("link", new SymbolicLink(ROOT, ByteString.utf8("target")))
            .build();
    try (OutputDirectory out = OutputDirectory.open(temporary)) {
      assertThatThrownBy(() -> out.writeTree("esp", tree, _ -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("esp/link");
    }
  }

  @Test
  void aNameThatIsNotTextIsRefused() throws IOException {
    FileTree tree =
        new FileTreeBuilder(ROOT)
            .put(
                TreePath.root().child(new FileName(ByteString.of((byte) 0xff))),
                new RegularFile(ROOT, Content.empty()))
            .build();
    try (OutputDirectory out = OutputDirectory.open(temporary)) {
      assertThatThrownBy(() -> out.writeTree("esp", tree, _ -> {}))
          .isInstanceOfSatisfying(
              OutputException.class,
              problem -> assertThat(problem.problem()).isInstanceOf(Problem.BadName.class));
    }
  }

  @Test
  void scratchFilesVanish() throws IOException {
    try (OutputDirectory out = OutputDirectory.open(temporary);
        FileChannel scratch = out.openScratchFile("layer-1")) {
      scratch.write(ByteBuffer.wrap(new byte[1000]));
      out.writeFile("disk.img", Content.ofFile(scratch, 10, 500), _ -> {});
      out.commit();
    }
    assertThat(names(temporary)).containsExactly("disk.img");
  }

  @Test
  void whatAKilledBuildLeftIsSweptAway() throws IOException {
    Path abandoned = Files.createDirectories(temporary.resolve(".container2boot-0-1"));
    Files.createDirectories(abandoned.resolve("new/esp/EFI"));
    Files.createDirectories(abandoned.resolve("old/esp/EFI"));
    Files.createDirectories(abandoned.resolve("old/other"));
    Files.createDirectories(temporary.resolve("other/current"));
    Files.createFile(abandoned.resolve("lock"));
    OutputDirectory.open(temporary).close();
    assertThat(names(temporary)).containsExactly("esp", "other");
    assertThat(temporary.resolve("esp/EFI")).isDirectory();
    assertThat(temporary.resolve("other/current")).isDirectory();
  }

  @Test
  void aLivingBuildIsLeftAlone() throws Exception {
    Path living = Files.createDirectories(temporary.resolve(".container2boot-0-1"));
    Files.createFile(living.resolve("lock"));
    Process holder =
        new ProcessBuilder(
                "python3",
                "-c",
                "import fcntl,sys; f=open(sys.argv[1],'w'); fcntl.lockf(f,fcntl.LOCK_EX); print('locked',flush=True); sys.stdin.read()",
                living.resolve("lock").toString())
            .start();
    try {
      assumeTrue(holder.inputReader().readLine() != null, "python3 is there to hold a lock");
      OutputDirectory.open(temporary).close();
      assertThat(living).exists();
    } finally {
      holder.destroyForcibly().waitFor();
    }
    OutputDirectory.open(temporary).close();
    assertThat(living).doesNotExist();
  }

  /// Each build's two outputs carry the same number; no mixture may ever be seen at the end.
  @Test
  void buildsSideBySideLeaveTheSetOfOneOfThem() throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      List<Callable<Void>> builds =
          IntStream.range(0, 40).<Callable<Void>>mapToObj(this::build).toList();
      for (Future<Void> build : executor.invokeAll(builds)) {
        build.get();
      }
    }
    assertThat(names(temporary)).containsExactly("disk.img", "esp");
    assertThat(temporary.resolve("esp/number"))
        .hasContent(Files.readString(temporary.resolve("disk.img")));
  }

  private Callable<Void> build(int number) {
    return () -> {
      try (OutputDirectory out = OutputDirectory.open(temporary)) {
        out.writeFile("disk.img", text("" + number), _ -> {});
        out.writeTree("esp", tree("number", text("" + number)), _ -> {});
        out.commit();
      }
      return null;
    };
  }

  @Test
  void nothingIsWrittenAfterClosing() throws IOException {
    OutputDirectory out = OutputDirectory.open(temporary);
    out.close();
    assertThatThrownBy(() -> out.writeFile("disk.img", text("late"), _ -> {}))
        .isInstanceOf(IllegalStateException.class);
    assertThat(names(temporary)).isEmpty();
  }

  private static Content text(String text) {
    return Content.of(text.getBytes(UTF_8));
  }

  private static FileTree tree(String path, Content content) {
    return new FileTreeBuilder(ROOT).put(path, new RegularFile(ROOT, content)).build();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private record ChannelSink(FileChannel channel) implements Content.Sink {
    @Override
    public void data(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void hole(long countBytes) throws IOException {
      channel.position(channel.position() + countBytes);
    }
  }

  private record Failing(IOException failure) implements Content {
    @Override
    public long sizeBytes() {
      return 10;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer target) throws IOException {
      throw failure;
    }

    @Override
    public void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException {
      sink.data(ByteBuffer.wrap(new byte[5]));
      throw failure;
    }
  }
}
