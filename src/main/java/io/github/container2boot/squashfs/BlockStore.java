package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.BlockDecompressor;
import io.github.container2boot.compress.Compression;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// The data and fragment blocks of one image, decompressed on demand. Thread-safe.
final class BlockStore {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final int KEPT_BLOCKS = 8;

  /// Expected of fragment blocks, whose size is not known before they are decompressed.
  private static final int ANY_SIZE = -1;

  private final Content image;
  private final Compression compression;
  private final int blockSizeBytes;
  private final List<FragmentEntry> fragments;
  private final Workspaces workspaces;
  private final Map<Long, ByteBuffer> kept = new KeptBlocks();

  /// @param image the bytes that offsets count from
  /// @param fragments the fragment table, which a writer may still be filling
  BlockStore(
      Content image, Compression compression, int blockSizeBytes, List<FragmentEntry> fragments) {
    this.image = image;
    this.compression = compression;
    this.blockSizeBytes = blockSizeBytes;
    this.fragments = fragments;
    this.workspaces = new Workspaces(compression, blockSizeBytes);
    Workspaces closing = workspaces;
    CLEANER.register(this, closing::close);
  }

  Content image() {
    return image;
  }

  int blockSizeBytes() {
    return blockSizeBytes;
  }

  FragmentEntry fragmentEntry(long index) {
    return fragments.get((int) index);
  }

  /// Whether an image made with `options` can hold this one's blocks as they are.
  boolean fits(SquashfsOptions options) {
    return compression == options.compression().compression()
        && blockSizeBytes == options.blockSizeBytes();
  }

  /// How many bytes fragment block `index` holds uncompressed.
  int fragmentBytes(long index) throws IOException {
    int noted = fragmentEntry(index).contentBytes();
    return noted > 0 && noted <= blockSizeBytes ? noted : fragment(index).remaining();
  }

  /// The content of a fragment block.
  ByteBuffer fragment(long index) throws IOException {
    FragmentEntry entry = fragmentEntry(index);
    return cached(entry.startBytes(), entry.sizeWord(), ANY_SIZE);
  }

  /// The content of a data block, which must be `expectedBytes` long.
  ByteBuffer cachedBlock(long startBytes, int sizeWord, int expectedBytes) throws IOException {
    return cached(startBytes, sizeWord, expectedBytes);
  }

  private ByteBuffer cached(long startBytes, int sizeWord, int expectedBytes) throws IOException {
    ByteBuffer known = keptOrNull(startBytes);
    if (known != null && (expectedBytes == ANY_SIZE || known.remaining() == expectedBytes)) {
      return known;
    }
    ByteBuffer[] copy = new ByteBuffer[1];
    withBlock(
        startBytes,
        sizeWord,
        expectedBytes,
        block -> copy[0] = ByteBuffer.allocate(block.remaining()).put(block).flip());
    synchronized (kept) {
      kept.put(startBytes, copy[0]);
    }
    return copy[0].duplicate();
  }

  private @Nullable ByteBuffer keptOrNull(long startBytes) {
    synchronized (kept) {
      ByteBuffer known = kept.get(startBytes);
      return known == null ? null : known.duplicate();
    }
  }

  /// Decompresses a block and hands it to `reader`; the buffer is used again afterwards.
  void withBlock(long startBytes, int sizeWord, int expectedBytes, BlockReader reader)
      throws IOException {
    Workspace workspace = workspaces.take();
    try {
      ByteBuffer block = workspace.load(image, startBytes, sizeWord);
      if (expectedBytes != ANY_SIZE && block.remaining() != expectedBytes) {
        throw FormatException.malformed(
            startBytes,
            "SquashFS block holds %d bytes: expected %d"
                .formatted(block.remaining(), expectedBytes));
      }
      reader.read(block);
    } finally {
      workspaces.giveBack(workspace);
    }
  }

  /// Looks at a decompressed block.
  @FunctionalInterface
  interface BlockReader {
    void read(ByteBuffer block) throws IOException;
  }

  /// What one thread needs to decompress.
  private record Workspace(BlockDecompressor decompressor, ByteBuffer stored, ByteBuffer content) {
    ByteBuffer load(Content image, long startBytes, int sizeWord) throws IOException {
      stored.clear().limit(BlockSize.storedBytes(sizeWord));
      image.read(startBytes, stored);
      stored.flip();
      if (!BlockSize.isCompressed(sizeWord)) {
        return stored;
      }
      try {
        decompressor.decompress(stored, content.clear());
        return content.flip();
      } catch (FormatException problem) {
        throw problem.in("SquashFS block at byte " + startBytes);
      }
    }
  }

  /// Workspaces not in use. It outlives its store, whose death closes it.
  private static final class Workspaces {
    private final Compression compression;
    private final int blockSizeBytes;
    private final Queue<Workspace> free = new ConcurrentLinkedQueue<>();

    Workspaces(Compression compression, int blockSizeBytes) {
      this.compression = compression;
      this.blockSizeBytes = blockSizeBytes;
    }

    Workspace take() {
      Workspace workspace = free.poll();
      return workspace != null
          ? workspace
          : new Workspace(
              compression.newDecompressor(),
              ByteBuffer.allocateDirect(blockSizeBytes),
              ByteBuffer.allocateDirect(blockSizeBytes));
    }

    void giveBack(Workspace workspace) {
      free.add(workspace);
    }

    void close() {
      for (Workspace workspace = free.poll(); workspace != null; workspace = free.poll()) {
        workspace.decompressor().close();
      }
    }
  }

  /// The blocks used last.
  private static final class KeptBlocks extends LinkedHashMap<Long, ByteBuffer> {
    KeptBlocks() {
      super(2 * KEPT_BLOCKS, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, ByteBuffer> eldest) {
      return size() > KEPT_BLOCKS;
    }
  }
}
