package io.github.container2boot.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Compresses blocks of 128 KiB on one thread; one operation is one block.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BlockBenchmark {
  private static final int BLOCK_BYTES = 128 << 10;
  private static final int BLOCKS = 32;

  @Param({"zstd:1", "zstd:6", "zstd:15", "gzip:9", "xz:6", "lz4:1", "lz4:12", "lzo"})
  public String compression = "";

  private final ByteBuffer[] blocks = new ByteBuffer[BLOCKS];
  private final ByteBuffer target = ByteBuffer.allocateDirect(BLOCK_BYTES);
  private BlockCompressor compressor;

  @Setup
  public void fillBlocks() throws IOException {
    byte[][] pieces = SystemBytes.pieces(BLOCKS, BLOCK_BYTES);
    for (int index = 0; index < BLOCKS; index++) {
      blocks[index] = ByteBuffer.allocateDirect(BLOCK_BYTES).put(pieces[index]).flip();
    }
    compressor = CompressionSettings.parse(compression).newCompressor(BLOCK_BYTES);
  }

  @TearDown
  public void closeCompressor() {
    compressor.close();
  }

  @Benchmark
  @OperationsPerInvocation(BLOCKS)
  public long compress() {
    long total = 0;
    for (ByteBuffer block : blocks) {
      total += compressor.compress(block.duplicate(), target.clear());
    }
    return total;
  }
}
