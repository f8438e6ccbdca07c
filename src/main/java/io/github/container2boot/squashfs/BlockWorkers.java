package io.github.container2boot.squashfs;

import io.github.container2boot.compress.BlockCompressor;
import java.io.Closeable;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// Threads that compress blocks, and the buffers blocks lie in: one set for all images that are
/// written at a time, so that neither threads nor memory grow with their number.
///
/// ```java
/// try (BlockWorkers workers = BlockWorkers.start(options)) {
///   // any number of threads, each with its own SquashfsWriter.create(file, workers)
/// }
/// ```
///
/// Buffers are made when they are first needed and used again and again. When all are in use,
/// whoever wants one waits until a block has been written. Thread-safe.
public final class BlockWorkers implements Closeable {
  /// Enough that a thread which is done finds the next block waiting.
  private static final int BLOCKS_PER_THREAD = 3;

  /// A writer may fill a block of a file and one of tails at the same time. It can always have
  /// these two, or writers could wait for each other.
  private static final int BLOCKS_PER_WRITER = 2;

  /// What blocks on their way may take; a thread always has one.
  private static final long MOST_BYTES = 128L << 20;

  private final SquashfsOptions options;
  private final Supplier<BlockCompressor> newCompressor;
  private final ExecutorService threads;
  private final Queue<BlockCompressor> compressors = new ConcurrentLinkedQueue<>();
  private final ByteBuffer zeros;
  private final Deque<Block> free = new ArrayDeque<>();
  private int blocksAllowed;
  private int blocksMade;

  private BlockWorkers(SquashfsOptions options, Supplier<BlockCompressor> newCompressor) {
    this.options = options;
    this.newCompressor = newCompressor;
    this.zeros = ByteBuffer.allocateDirect(options.blockSizeBytes()).asReadOnlyBuffer();
    this.blocksAllowed = blocksOnTheirWay(options);
    this.threads =
        Executors.newFixedThreadPool(
            options.threads(), Thread.ofPlatform().daemon().name("squashfs").factory());
  }

  /// Workers for images made with `options`.
  public static BlockWorkers start(SquashfsOptions options) {
    return start(options, () -> options.compression().newCompressor(options.blockSizeBytes()));
  }

  /// @param newCompressor asked for one compressor for each thread at most
  static BlockWorkers start(SquashfsOptions options, Supplier<BlockCompressor> newCompressor) {
    return new BlockWorkers(options, newCompressor);
  }

  private static int blocksOnTheirWay(SquashfsOptions options) {
    long fitting = MOST_BYTES / (2L * options.blockSizeBytes());
    long wanted = (long) BLOCKS_PER_THREAD * options.threads();
    return (int) Math.max(options.threads(), Math.min(wanted, fitting));
  }

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

    ByteBuffer compressed() {
      return compressed;
    }
  }

  /// How every image is made that these work for.
  public SquashfsOptions options() {
    return options;
  }

  /// Up to a block of zeros.
  ByteBuffer zeros(int countBytes) {
    return zeros.slice(0, countBytes);
  }

  /// A writer begins.
  synchronized void enter() {
    blocksAllowed += BLOCKS_PER_WRITER;
    notifyAll();
  }

  /// A writer ends.
  ///
  /// @param blocksLost how many blocks will not be given back
  synchronized void leave(int blocksLost) {
    blocksAllowed -= BLOCKS_PER_WRITER;
    blocksMade -= blocksLost;
  }

  /// An empty block, as soon as there is one.
  synchronized Block take() throws InterruptedIOException {
    try {
      while (free.isEmpty() && blocksMade >= blocksAllowed) {
        wait();
      }
    } catch (InterruptedException interruption) {
      throw stopped(interruption);
    }
    if (free.isEmpty()) {
      blocksMade++;
      return new Block(options.blockSizeBytes());
    }
    Block block = free.pop();
    block.content.clear();
    return block;
  }

  static InterruptedIOException stopped(InterruptedException interruption) {
    Thread.currentThread().interrupt();
    InterruptedIOException stopped = new InterruptedIOException("stopped while compressing");
    stopped.initCause(interruption);
    return stopped;
  }

  synchronized void giveBack(Block block) {
    if (blocksMade > blocksAllowed) {
      blocksMade--;
    } else {
      free.push(block);
      notifyAll();
    }
  }

  synchronized int blocksMade() {
    return blocksMade;
  }

  void submit(Runnable work) {
    threads.execute(work);
  }

  /// Compresses all of `source` to the start of `target`, as [BlockCompressor#compress] has it.
  int compress(ByteBuffer source, ByteBuffer target) {
    BlockCompressor idle = compressors.poll();
    BlockCompressor compressor = idle != null ? idle : newCompressor.get();
    try {
      return compressor.compress(source, target);
    } finally {
      compressors.add(compressor);
    }
  }

  /// Ends the threads. All writers must have been closed.
  @Override
  public void close() {
    threads.close();
    for (BlockCompressor idle = compressors.poll(); idle != null; idle = compressors.poll()) {
      idle.close();
    }
  }
}
