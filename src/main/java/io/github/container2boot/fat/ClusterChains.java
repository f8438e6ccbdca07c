package io.github.container2boot.fat;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Follows chains of clusters through a volume's table.
///
/// No cluster may be in two chains or twice in one: so no chain is endless, and what can be read
/// from a volume is never more than the volume.
final class ClusterChains {
  private static final int WINDOW_BYTES = 4096;

  /// A FAT12 entry may begin in one window and end in the next.
  private static final int OVERLAP_BYTES = 1;

  /// More pieces than any real volume has; each takes memory.
  private static final int MOST_RUNS = 1 << 20;

  private final Content volume;
  private final Geometry geometry;
  private final long tableOffsetBytes;
  private final BitSet claimed = new BitSet();
  private final ByteBuffer window =
      ByteBuffer.allocate(WINDOW_BYTES + OVERLAP_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long windowIndex = -1;
  private int runs;

  ClusterChains(Content volume, Geometry geometry, int table) {
    this.volume = volume;
    this.geometry = geometry;
    this.tableOffsetBytes = geometry.tableOffsetBytes(table);
  }

  /// The first `sizeBytes` bytes of the chain that begins at `firstCluster`.
  Content content(long firstCluster, long sizeBytes) throws IOException {
    List<Content> parts = new ArrayList<>();
    long cluster = firstCluster;
    long left = sizeBytes;
    while (left > 0) {
      long begin = cluster;
      long count = 0;
      do {
        claim(cluster);
        count++;
        cluster = next(cluster);
      } while (cluster == begin + count && count < geometry.clustersFor(left));
      long taken = Math.min(left, count * geometry.clusterSizeBytes());
      parts.add(part(begin, taken));
      left -= taken;
      requireMore(begin + count - 1, cluster, left);
    }
    return Content.concatenation(parts);
  }

  private void requireMore(long last, long next, long leftBytes) throws FormatException {
    if (leftBytes > 0 && isEnd(next)) {
      throw FormatException.malformed(
          entryOffset(last),
          "chain of clusters ends at %d: expected %d more bytes".formatted(last, leftBytes));
    }
  }

  /// All of the chain that begins at `firstCluster`.
  ///
  /// @throws FormatException if it is longer than `mostBytes`
  Content whole(long firstCluster, long mostBytes) throws IOException {
    List<Content> parts = new ArrayList<>();
    long size = 0;
    for (long cluster = firstCluster; !isEnd(cluster); cluster = next(cluster)) {
      claim(cluster);
      parts.add(part(cluster, geometry.clusterSizeBytes()));
      size += geometry.clusterSizeBytes();
      if (size > mostBytes) {
        throw FormatException.malformed(
            entryOffset(cluster), "directory: expected at most %d bytes".formatted(mostBytes));
      }
    }
    return Content.concatenation(parts);
  }

  /// Where the last cluster ends that is not free.
  long endOfUseBytes() throws IOException {
    long cluster = geometry.endCluster() - 1;
    while (geometry.has(cluster) && next(cluster) == 0) {
      cluster--;
    }
    return geometry.offsetBytes(cluster) + geometry.clusterSizeBytes();
  }

  private Content part(long firstCluster, long sizeBytes) throws FormatException {
    if (++runs > MOST_RUNS) {
      throw FormatException.unsupported(
          entryOffset(firstCluster), "files in more than %d pieces".formatted(MOST_RUNS));
    }
    return volume.slice(geometry.offsetBytes(firstCluster), sizeBytes);
  }

  private void claim(long cluster) throws FormatException {
    if (!geometry.has(cluster)) {
      throw FormatException.malformed(
          "cluster: expected 2 to %d, found %d".formatted(geometry.endCluster() - 1, cluster));
    }
    if (claimed.get((int) cluster)) {
      throw FormatException.malformed(
          entryOffset(cluster), "cluster %d belongs to two chains".formatted(cluster));
    }
    claimed.set((int) cluster);
  }

  private boolean isEnd(long cluster) {
    return cluster >= geometry.type().leastEndOfChain();
  }

  private long next(long cluster) throws IOException {
    long offset = entryOffset(cluster) - tableOffsetBytes;
    load(offset / WINDOW_BYTES);
    int position = (int) (offset % WINDOW_BYTES);
    return switch (geometry.type()) {
      case FAT12 -> window.getShort(position) >> (cluster % 2 == 0 ? 0 : 4) & 0xfff;
      case FAT16 -> window.getShort(position) & 0xffff;
      case FAT32 -> window.getInt(position) & geometry.type().entryMask();
    };
  }

  private void load(long index) throws IOException {
    if (index == windowIndex) {
      return;
    }
    long begin = index * WINDOW_BYTES;
    long count = Math.min(window.capacity(), geometry.tableSizeBytes() - begin);
    windowIndex = -1;
    volume.read(tableOffsetBytes + begin, window.clear().limit((int) count));
    window.clear();
    windowIndex = index;
  }

  private long entryOffset(long cluster) {
    return tableOffsetBytes + cluster * geometry.type().entryBits() / 8;
  }
}
