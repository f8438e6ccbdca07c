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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BlockPipelineTest {
  private final SquashfsOptions options = Images.options("zstd:1");

  @Test
  void blocksArriveInOrderHoweverLongTheyTake() throws IOException {
    List<Integer> sizes = new ArrayList<>();
    try (BlockPipeline pipeline = new BlockPipeline(options, new Slow())) {
      for (int size = 1; size < 40; size++) {
        int expected = size;
        BlockPipeline.Block block = pipeline.take();
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

  private abstract static class Fake implements BlockCompressor {
    @Override
    public void close() {}
  }

  @Test
  void aFailureSurfacesOnceWithItsCause() {
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
              try (BlockPipeline pipeline = new BlockPipeline(options, () -> broken)) {
                for (int index = 0; index < 100; index++) {
                  BlockPipeline.Block block = pipeline.take();
                  block.content().put((byte) 1);
                  pipeline.submit(block, true, _ -> {});
                }
                pipeline.drain();
              }
            })
        .isInstanceOf(IOException.class)
        .hasCause(cause)
        .hasMessageContaining("broken library");
  }

  @Test
  void anInterruptedWaitEnds() {
    CountDownLatch never = new CountDownLatch(1);
    BlockCompressor stuck =
        new Fake() {
          @Override
          public int compress(ByteBuffer source, ByteBuffer target) {
            try {
              never.await();
            } catch (InterruptedException stop) {
              Thread.currentThread().interrupt();
            }
            return DOES_NOT_FIT;
          }
        };
    try (BlockPipeline pipeline = new BlockPipeline(options, () -> stuck)) {
      BlockPipeline.Block block = pipeline.take();
      block.content().put((byte) 1);
      pipeline.submit(block, true, _ -> {});
      Thread.currentThread().interrupt();
      assertThatThrownBy(pipeline::drain).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
