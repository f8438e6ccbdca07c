package io.github.container2boot.layer;

import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.LargeTree;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Lays layers over each other that have 200 000 inodes together, and over them one that replaces a
/// hundredth of that.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class MergeBenchmark {
  @Param({"1", "10"})
  public int lowerLayers;

  private final List<FileTree> layers = new ArrayList<>();

  @Setup
  public void makeLayers() {
    int each = LargeTree.DIRECTORIES / lowerLayers;
    for (int layer = 0; layer < lowerLayers; layer++) {
      layers.add(LargeTree.of(layer * each, (layer + 1) * each));
    }
    layers.add(LargeTree.of(0, LargeTree.DIRECTORIES / 100));
  }

  @Benchmark
  public FileTree merge() throws IOException {
    return LayerStack.merge(layers, Instant.EPOCH);
  }
}
