package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.compress.Compression;
import io.github.container2boot.compress.CompressionSettings;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.LargeTree;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What is done for every inode of an image, with 200 000 of them: its tables are read, written,
/// and written from the tables of another image.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TablesBenchmark {
  private static final SquashfsOptions OPTIONS =
      new SquashfsOptions(
          CompressionSettings.of(Compression.ZSTD),
          SquashfsOptions.DEFAULT_BLOCK_BYTES,
          Instant.EPOCH,
          1);

  private static final int STORED_BYTES = 50_000;

  private final FileTree tree = LargeTree.of(0, LargeTree.DIRECTORIES);
  private final Map<RegularFile, Placement> placements = new IdentityHashMap<>();
  private final List<FragmentEntry> fragments = new ArrayList<>();
  private Content image = Content.empty();
  private FileTree treeOfImage = tree;
  private Path scratchPath;
  private FileChannel scratch;

  @Setup
  public void makeImage() throws IOException {
    placeFiles();
    long start = fragments.getLast().startBytes() + STORED_BYTES;
    ImageTables tables = tables();
    Content data = Content.hole(start - tables.head().remaining());
    image =
        Content.concatenation(
            List.of(Content.of(tables.head()), data, Content.of(tables.tables())));
    treeOfImage = SquashfsImage.read(image).tree();
    scratchPath = Files.createTempFile("container2boot-", ".scratch");
    scratch = FileChannel.open(scratchPath, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /// The tails of files behind one another, in blocks that all take the same room in the image.
  private void placeFiles() {
    tree.walk((_, inode) -> {
      if (inode instanceof RegularFile file) {
        placements.put(file, place((int) file.content().sizeBytes()));
      }
    });
  }

  private Placement place(int sizeBytes) {
    if (fragments.isEmpty() || filled() + sizeBytes > OPTIONS.blockSizeBytes()) {
      long start = ImageTables.headBytes(OPTIONS) + (long) fragments.size() * STORED_BYTES;
      fragments.add(new FragmentEntry(start, BlockSize.compressed(STORED_BYTES), 0));
    }
    Placement placement = Placement.inFragment(fragments.size() - 1, filled());
    FragmentEntry last = fragments.removeLast();
    fragments.add(
        new FragmentEntry(last.startBytes(), last.sizeWord(), last.contentBytes() + sizeBytes));
    return placement;
  }

  private int filled() {
    return fragments.getLast().contentBytes();
  }

  private ImageTables tables() throws IOException {
    long start = fragments.getLast().startBytes() + STORED_BYTES;
    return ImageTables.of(tree, placements::get, fragments, start, OPTIONS);
  }

  @TearDown
  public void removeScratch() throws IOException {
    scratch.close();
    Files.delete(scratchPath);
  }

  @Benchmark
  public ImageTables write() throws IOException {
    return tables();
  }

  @Benchmark
  public SquashfsImage read() throws IOException {
    return SquashfsImage.read(image);
  }

  @Benchmark
  public Content assemble() throws IOException {
    return SquashfsAssembler.assemble(treeOfImage, OPTIONS, scratch).content();
  }
}
