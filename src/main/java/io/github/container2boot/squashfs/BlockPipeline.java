package io.github.container2boot.squashfs;

import io.github.container2boot.compress.BlockCompressor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Has the blocks of one image compressed and hands them on in the order in which they came.
///
/// One thread owns it: it fills blocks and submits them. Each is received as soon as it and all
/// before it are compressed, by whatever thread finds that out: receivers and marks run one after
/// the other, each seeing what the ones before it did, but beside the owner.
///
/// After a failure nothing is received any more, and every call of the owner throws it.
final class BlockPipeline implements Closeable {
  private final BlockWorkers workers;
  private final Deque<Step> ahead = new ArrayDeque<>();

  /// Blocks that the owner has taken and neither submitted nor given back.
  private int blocksHeld;

  private boolean closed;
  private boolean handingOn;
  private volatile boolean stopped;
  private @Nullable Throwable failure;

  BlockPipeline(BlockWorkers workers) {
    this.workers = workers;
    workers.enter();
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
  private sealed interface Step {
    boolean isReady();

    void handOn() throws IOException;

    void release();
  }

  private record MarkStep(Mark mark) implements Step {
    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void handOn() throws IOException {
      mark.reached();
    }

    @Override
    public void release() {}
  }

  private final class BlockStep implements Step {
    private final BlockWorkers.Block block;
    private final boolean maySparse;
    private final Receiver receiver;
    private @Nullable CompressedBlock result;
    private volatile boolean ready;

    BlockStep(BlockWorkers.Block block, boolean maySparse, Receiver receiver) {
      this.block = block;
      this.maySparse = maySparse;
      this.receiver = receiver;
    }

    void compress() {
      try {
        if (!stopped) {
          result = BlockPipeline.this.compress(block, maySparse);
        }
      } catch (RuntimeException | Error cause) {
        fail(new IOException("cannot compress a block: " + cause, cause));
      } finally {
        ready = true;
        handOnReady();
      }
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void handOn() throws IOException {
      CompressedBlock compressed = result;
      if (compressed != null) {
        receiver.receive(compressed);
      }
    }

    @Override
    public void release() {
      workers.giveBack(block);
    }
  }

  /// An empty block. May wait for others to be written.
  BlockWorkers.Block take() throws IOException {
    BlockWorkers.Block block = workers.take();
    if (stopped) {
      workers.giveBack(block);
      throwFailure();
    }
    blocksHeld++;
    return block;
  }

  /// Compresses what has been put into `block`.
  ///
  /// @param maySparse whether a block of zeros may be left out
  void submit(BlockWorkers.Block block, boolean maySparse, Receiver receiver) {
    blocksHeld--;
    block.content().flip();
    BlockStep step = new BlockStep(block, maySparse, receiver);
    synchronized (this) {
      ahead.addLast(step);
    }
    workers.submit(step::compress);
  }

  void mark(Mark mark) {
    synchronized (this) {
      ahead.addLast(new MarkStep(mark));
    }
    handOnReady();
  }

  /// Waits until everything that has been submitted is received.
  synchronized void drain() throws IOException {
    try {
      while (!isIdle()) {
        wait();
      }
    } catch (InterruptedException interruption) {
      throw BlockWorkers.stopped(interruption);
    }
    throwFailure();
  }

  /// Gives an unused block back.
  void giveBack(BlockWorkers.Block block) {
    blocksHeld--;
    workers.giveBack(block);
  }

  private void handOnReady() {
    for (Step step = begin(); step != null; step = begin()) {
      try {
        if (!stopped) {
          step.handOn();
        }
      } catch (IOException | RuntimeException | Error cause) {
        fail(cause);
      } finally {
        step.release();
        end();
      }
    }
  }

  /// The first step, if it is ready and no other thread is at work.
  private synchronized @Nullable Step begin() {
    Step first = ahead.peekFirst();
    if (handingOn || first == null || !first.isReady()) {
      return null;
    }
    handingOn = true;
    return ahead.removeFirst();
  }

  private synchronized void end() {
    handingOn = false;
    if (isIdle()) {
      notifyAll();
    }
  }

  private synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    stopped = true;
  }

  private synchronized void throwFailure() throws IOException {
    switch (failure) {
      case null -> {}
      case IOException problem -> throw problem;
      case RuntimeException bug -> throw bug;
      case Error error -> throw error;
      default -> throw new IOException(failure);
    }
  }

  private CompressedBlock compress(BlockWorkers.Block block, boolean maySparse) {
    ByteBuffer content = block.content();
    if (maySparse && isZero(content)) {
      return new CompressedBlock(ByteBuffer.allocate(0), BlockSize.SPARSE, 0);
    }
    ByteBuffer compressed = block.compressed().clear().limit(content.remaining() - 1);
    int count = workers.compress(content.duplicate(), compressed);
    boolean smaller = count != BlockCompressor.DOES_NOT_FIT;
    ByteBuffer stored = smaller ? compressed.flip() : content;
    int size = stored.remaining();
    int word = smaller ? BlockSize.compressed(size) : BlockSize.uncompressed(size);
    return new CompressedBlock(stored, word, checksum(stored));
  }

  private boolean isZero(ByteBuffer content) {
    return content.mismatch(workers.zeros(content.remaining())) < 0;
  }

  private static int checksum(ByteBuffer stored) {
    CRC32C checksum = new CRC32C();
    checksum.update(stored.duplicate());
    return (int) checksum.getValue();
  }

  /// Drops what has not been received, and waits until nothing of this is at work any more.
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      stopped = true;
      awaitIdle();
      workers.leave(blocksHeld);
    }
  }

  private synchronized void awaitIdle() {
    boolean interrupted = false;
    while (!isIdle()) {
      try {
        wait();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isIdle() {
    return !handingOn && ahead.isEmpty();
  }
}
