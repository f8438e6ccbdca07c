package io.github.container2boot.squashfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.container2boot.compress.BlockCompressor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BlockPipelineTest {
  private static final int MANY = 200;

  private final SquashfsOptions options = Images.options("zstd:1");

  @Test
  void blocksArriveInOrderHoweverLongTheyTake() throws IOException {
    List<Integer> sizes = new ArrayList<>();
    try (BlockWorkers workers = BlockWorkers.start(options, new Slow());
        BlockPipeline pipeline = new BlockPipeline(workers)) {
      for (int size = 1; size < 40; size++) {
        int expected = size;
        BlockWorkers.Block block = pipeline.take();
        block.content().put(Images.incompressible(size, size));
        pipeline.submit(block, true, result -> sizes.add(result.stored().remaining()));
        pipeline.mark(() -> assertThat(sizes.getLast()).isEqualTo(expected));
      }
      pipeline.drain();
    }
    assertThat(sizes).hasSize(39).isSorted();
  }

  /// Every other block takes a while.
  private static final class Slow implements Supplier<BlockCompressor> {
    private final AtomicInteger blocks = new AtomicInteger();

    @Override
    public BlockCompressor get() {
      return new Fake() {
        @Override
        public int compress(ByteBuffer source, ByteBuffer target) {
          if (blocks.incrementAndGet() % 2 == 0) {
            try {
              Thread.sleep(5);
            } catch (InterruptedException stop) {
              Thread.currentThread().interrupt();
            }
          }
          return DOES_NOT_FIT;
        }
      };
    }
  }

  private static class Fake implements BlockCompressor {
    @Override
    public int compress(ByteBuffer source, ByteBuffer target) {
      return DOES_NOT_FIT;
    }

    @Override
    public void close() {}
  }

  @Test
  void aFailureSurfacesWithItsCause() {
    IllegalStateException cause = new IllegalStateException("broken library");
    BlockCompressor broken =
        new Fake() {
          @Override
          public int compress(ByteBuffer source, ByteBuffer target) {
            throw cause;
          }
        };
    assertThatThrownBy(
            () -> {
              try (BlockWorkers workers = BlockWorkers.start(options, () -> broken);
                  BlockPipeline pipeline = new BlockPipeline(workers)) {
                submitMany(pipeline, _ -> {});
                pipeline.drain();
              }
            })
        .isInstanceOf(IOException.class)
        .hasCause(cause)
        .hasMessageContaining("broken library");
  }

  /// As when the disk is full.
  @Test
  void aReceiverThatFailsStopsTheOwner() {
    IOException cause = new IOException("No space left on device");
    AtomicInteger received = new AtomicInteger();
    try (BlockWorkers workers = BlockWorkers.start(options, Fake::new);
        BlockPipeline pipeline = new BlockPipeline(workers)) {
      assertThatThrownBy(
              () -> {
                submitMany(
                    pipeline,
                    _ -> {
                      if (received.incrementAndGet() == 3) {
                        throw cause;
                      }
                    });
                pipeline.drain();
              })
          .isSameAs(cause);
      assertThatThrownBy(pipeline::take).isSameAs(cause);
    }
    assertThat(received).hasValue(3);
  }

  private static void submitMany(BlockPipeline pipeline, BlockPipeline.Receiver receiver)
      throws IOException {
    for (int index = 0; index < MANY; index++) {
      BlockWorkers.Block block = pipeline.take();
      block.content().put((byte) 1);
      pipeline.submit(block, true, receiver);
    }
  }

  @Test
  void anInterruptedWaitEnds() throws IOException {
    CountDownLatch released = new CountDownLatch(1);
    BlockCompressor stuck =
        new Fake() {
          @Override
          public int compress(ByteBuffer source, ByteBuffer target) {
            awaitUninterrupted(released);
            return DOES_NOT_FIT;
          }
        };
    try (BlockWorkers workers = BlockWorkers.start(options, () -> stuck);
        BlockPipeline pipeline = new BlockPipeline(workers)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> submitMany(pipeline, _ -> {}))
          .isInstanceOf(InterruptedIOException.class);
      assertThatThrownBy(pipeline::drain).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
      released.countDown();
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /// Two writers in one thread, the first with blocks that nobody waits for.
  @Test
  void aWriterThatRestsLeavesTheOthersTheirBlocks() throws IOException {
    AtomicInteger received = new AtomicInteger();
    try (BlockWorkers workers = BlockWorkers.start(options, new Slow());
        BlockPipeline resting = new BlockPipeline(workers);
        BlockPipeline working = new BlockPipeline(workers)) {
      submitMany(resting, _ -> {});
      BlockWorkers.Block ofFile = resting.take();
      BlockWorkers.Block ofTails = resting.take();
      submitMany(working, _ -> received.incrementAndGet());
      working.drain();
      resting.giveBack(ofFile);
      resting.giveBack(ofTails);
    }
    assertThat(received).hasValue(MANY);
  }

  @Test
  void manyWritersShareThreadsAndBuffers() throws Exception {
    AtomicInteger compressors = new AtomicInteger();
    Supplier<BlockCompressor> counted =
        () -> {
          compressors.incrementAndGet();
          return new Fake();
        };
    try (BlockWorkers workers = BlockWorkers.start(options, counted);
        ExecutorService writers = Executors.newFixedThreadPool(8)) {
      List<Future<List<Integer>>> pending = new ArrayList<>();
      for (int index = 0; index < 40; index++) {
        pending.add(writers.submit(() -> sizesReceived(workers)));
      }
      for (Future<List<Integer>> sizes : pending) {
        assertThat(sizes.get()).hasSize(MANY).isSorted();
      }
      assertThat(compressors.get()).isLessThanOrEqualTo(options.threads());
      assertThat(workers.blocksMade()).isLessThanOrEqualTo(3 * options.threads() + 2 * 8);
    }
  }

  private static List<Integer> sizesReceived(BlockWorkers workers) throws IOException {
    List<Integer> sizes = new ArrayList<>();
    try (BlockPipeline pipeline = new BlockPipeline(workers)) {
      for (int size = 1; size <= MANY; size++) {
        BlockWorkers.Block block = pipeline.take();
        block.content().put(Images.incompressible(size, size));
        pipeline.submit(block, true, result -> sizes.add(result.stored().remaining()));
      }
      pipeline.drain();
    }
    return sizes;
  }

  /// A layer that fails in the middle of a file takes its blocks with it.
  @Test
  void aWriterThatFailsDoesNotStarveTheNext() throws IOException {
    try (BlockWorkers workers = BlockWorkers.start(options, Fake::new)) {
      for (int index = 0; index < 50; index++) {
        try (BlockPipeline pipeline = new BlockPipeline(workers)) {
          submitMany(pipeline, _ -> {});
          pipeline.take();
          pipeline.take();
        }
      }
      assertThat(sizesReceived(workers)).hasSize(MANY);
    }
  }
}
