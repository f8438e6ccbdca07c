package io.github.container2boot.squashfs;

import io.github.container2boot.compress.BlockCompressor;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Compresses blocks on several threads and hands them on in the order in which they came.
///
/// One thread owns it: it fills blocks, submits them, and receives them whenever it takes the next
/// empty one, so that receivers need no locks. Blocks lie in a bounded number of buffers, used
/// again and again; when all are in use, taking one waits for the oldest.
final class BlockPipeline implements Closeable {
  /// Enough that a thread which is done finds the next block waiting.
  private static final int BLOCKS_PER_THREAD = 3;

  /// The owner may hold a block of a file and one of tails at the same time.
  private static final int BLOCKS_OF_OWNER = 2;

  private final SquashfsOptions options;
  private final Supplier<BlockCompressor> newCompressor;
  private final ExecutorService workers;
  private final Queue<BlockCompressor> compressors = new ConcurrentLinkedQueue<>();
  private final ByteBuffer zeros;
  private final Deque<Block> free = new ArrayDeque<>();
  private final Deque<Step> ahead = new ArrayDeque<>();
  private int blocksLeft;

  BlockPipeline(SquashfsOptions options) {
    this(options, () -> options.compression().newCompressor(options.blockSizeBytes()));
  }

  /// @param newCompressor asked for one compressor for each thread at most
  BlockPipeline(SquashfsOptions options, Supplier<BlockCompressor> newCompressor) {
    this.options = options;
    this.newCompressor = newCompressor;
    this.blocksLeft = BLOCKS_PER_THREAD * options.threads() + BLOCKS_OF_OWNER;
    this.zeros = ByteBuffer.allocateDirect(options.blockSizeBytes()).asReadOnlyBuffer();
    this.workers =
        Executors.newFixedThreadPool(
            options.threads(), Thread.ofPlatform().daemon().name("squashfs-", 0).factory());
  }

  /// What happens to a block once it is compressed and its turn has come.
  @FunctionalInterface
  interface Receiver {
    void receive(CompressedBlock block) throws IOException;
  }

  /// What happens once everything submitted before has been received.
  @FunctionalInterface
  interface Mark {
    void reached() throws IOException;
  }

  /// @param stored the bytes to store: none for a sparse block
  /// @param sizeWord how they are stored, see [BlockSize]
  /// @param checksum CRC-32C of the stored bytes
  record CompressedBlock(ByteBuffer stored, int sizeWord, int checksum) {}

  /// One place in the order.
  private sealed interface Step {}

  private record BlockStep(Block block, Future<CompressedBlock> result, Receiver receiver)
      implements Step {}

  private record MarkStep(Mark mark) implements Step {}

  /// A block's buffers: `content` belongs to whoever took it until it is submitted.
  static final class Block {
    private final ByteBuffer content;
    private final ByteBuffer compressed;

    private Block(int sizeBytes) {
      content = ByteBuffer.allocateDirect(sizeBytes);
      compressed = ByteBuffer.allocateDirect(sizeBytes);
    }

    ByteBuffer content() {
      return content;
    }
  }

  /// An empty block. May wait for the oldest submitted one, and receive it.
  Block take() throws IOException {
    receiveFinished();
    while (free.isEmpty() && blocksLeft == 0) {
      receiveFirst();
    }
    if (free.isEmpty()) {
      blocksLeft--;
      return new Block(options.blockSizeBytes());
    }
    Block block = free.pop();
    block.content.clear();
    return block;
  }

  /// Compresses what has been put into `block`.
  ///
  /// @param maySparse whether a block of zeros may be left out
  void submit(Block block, boolean maySparse, Receiver receiver) {
    block.content.flip();
    Future<CompressedBlock> result = workers.submit(() -> compress(block, maySparse));
    ahead.addLast(new BlockStep(block, result, receiver));
  }

  void mark(Mark mark) {
    ahead.addLast(new MarkStep(mark));
  }

  /// Receives everything that has been submitted.
  void drain() throws IOException {
    while (!ahead.isEmpty()) {
      receiveFirst();
    }
  }

  /// Gives an unused block back.
  void giveBack(Block block) {
    free.push(block);
  }

  private void receiveFinished() throws IOException {
    while (isFinished(ahead.peekFirst())) {
      receiveFirst();
    }
  }

  private static boolean isFinished(@Nullable Step step) {
    return switch (step) {
      case null -> false;
      case MarkStep _ -> true;
      case BlockStep block -> block.result.isDone();
    };
  }

  private void receiveFirst() throws IOException {
    switch (ahead.removeFirst()) {
      case MarkStep step -> step.mark.reached();
      case BlockStep step -> {
        step.receiver.receive(resultOf(step));
        free.push(step.block);
      }
    }
  }

  private static CompressedBlock resultOf(BlockStep step) throws IOException {
    try {
      return step.result.get();
    } catch (ExecutionException failure) {
      throw new IOException("cannot compress a block: " + failure.getCause(), failure.getCause());
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      InterruptedIOException stopped = new InterruptedIOException("stopped while compressing");
      stopped.initCause(interruption);
      throw stopped;
    }
  }

  private CompressedBlock compress(Block block, boolean maySparse) {
    ByteBuffer content = block.content;
    if (maySparse && isZero(content)) {
      return new CompressedBlock(ByteBuffer.allocate(0), BlockSize.SPARSE, 0);
    }
    block.compressed.clear().limit(content.remaining() - 1);
    int count = compressed(content.duplicate(), block.compressed);
    boolean smaller = count != BlockCompressor.DOES_NOT_FIT;
    ByteBuffer stored = smaller ? block.compressed.flip() : content;
    int size = stored.remaining();
    int word = smaller ? BlockSize.compressed(size) : BlockSize.uncompressed(size);
    return new CompressedBlock(stored, word, checksum(stored));
  }

  private int compressed(ByteBuffer content, ByteBuffer target) {
    BlockCompressor idle = compressors.poll();
    BlockCompressor compressor = idle != null ? idle : newCompressor.get();
    try {
      return compressor.compress(content, target);
    } finally {
      compressors.add(compressor);
    }
  }

  private boolean isZero(ByteBuffer content) {
    return content.mismatch(zeros.slice(0, content.remaining())) < 0;
  }

  private static int checksum(ByteBuffer stored) {
    CRC32C checksum = new CRC32C();
    checksum.update(stored.duplicate());
    return (int) checksum.getValue();
  }

  /// Stops the threads; what has not been received is lost.
  @Override
  public void close() {
    workers.shutdownNow();
    workers.close();
    for (BlockCompressor idle = compressors.poll(); idle != null; idle = compressors.poll()) {
      idle.close();
    }
  }
}
