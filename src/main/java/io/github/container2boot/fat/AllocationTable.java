package io.github.container2boot.fat;

import io.github.container2boot.bytes.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/// A file allocation table (Microsoft FAT Specification, section 4), computed where it is read.
///
/// Every file lies in one piece and the pieces follow each other from cluster 2, so a table is
/// known from where they end: its memory is that of the files, not of the volume.
///
/// Entries are worked out in pairs, because two entries of FAT12 share a byte.
final class AllocationTable implements Content {
  private static final int PAIRS_AT_ONCE = 1 << 13;

  private final FatType type;
  private final long sizeBytes;
  private final int pairBytes;
  private final long[] runEnds;
  private final long endCluster;

  /// @param runEnds for every run of clusters the first that is no longer in it, ascending
  AllocationTable(Geometry geometry, long[] runEnds) {
    this.type = geometry.type();
    this.sizeBytes = geometry.tableSizeBytes();
    this.pairBytes = type.entryBits() / 4;
    this.runEnds = runEnds;
    this.endCluster = runEnds.length == 0 ? Geometry.FIRST_CLUSTER : runEnds[runEnds.length - 1];
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void read(long offsetBytes, ByteBuffer target) {
    Objects.checkFromIndexSize(offsetBytes, target.remaining(), sizeBytes);
    long position = offsetBytes;
    while (target.hasRemaining()) {
      ByteBuffer piece = piece(position, target.remaining());
      position += piece.remaining();
      target.put(piece);
    }
  }

  @Override
  public void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException {
    Objects.checkFromIndexSize(offsetBytes, countBytes, sizeBytes);
    long end = offsetBytes + countBytes;
    long usedEnd = Math.min(end, type.tableBytes(endCluster));
    long position = offsetBytes;
    while (position < usedEnd) {
      ByteBuffer piece = piece(position, usedEnd - position);
      position += piece.remaining();
      sink.data(piece);
    }
    if (position < end) {
      sink.hole(end - position);
    }
  }

  /// Some of the table's bytes from `offsetBytes`, at most `mostBytes`.
  private ByteBuffer piece(long offsetBytes, long mostBytes) {
    int skipped = (int) (offsetBytes % pairBytes);
    int pairs = (int) Math.min(PAIRS_AT_ONCE, Math.ceilDiv(skipped + mostBytes, pairBytes));
    ByteBuffer piece = pairs(offsetBytes / pairBytes * 2, pairs).position(skipped);
    return piece.limit((int) Math.min(piece.limit(), skipped + mostBytes));
  }

  private ByteBuffer pairs(long firstCluster, int pairs) {
    ByteBuffer target = ByteBuffer.allocate(pairs * pairBytes).order(ByteOrder.LITTLE_ENDIAN);
    int run = firstRunAfter(firstCluster);
    for (long cluster = firstCluster; target.hasRemaining(); cluster += 2) {
      long first = entry(cluster, run);
      run = isLast(cluster, run) ? run + 1 : run;
      putPair(target, first, entry(cluster + 1, run));
      run = isLast(cluster + 1, run) ? run + 1 : run;
    }
    return target.flip();
  }

  private void putPair(ByteBuffer target, long first, long second) {
    switch (type) {
      case FAT12 -> {
        long both = first | second << 12;
        target.putShort((short) both).put((byte) (both >> 16));
      }
      case FAT16 -> target.putShort((short) first).putShort((short) second);
      case FAT32 -> target.putInt((int) first).putInt((int) second);
    }
  }

  /// The index of the run that `cluster` lies in, or that comes after it.
  private int firstRunAfter(long cluster) {
    int found = Arrays.binarySearch(runEnds, cluster);
    return found >= 0 ? found + 1 : -found - 1;
  }

  private boolean isLast(long cluster, int run) {
    return run < runEnds.length && cluster + 1 == runEnds[run];
  }

  private long entry(long cluster, int run) {
    if (cluster == 0) {
      return (type.entryMask() & ~0xffL) | BiosParameterBlock.FIXED_MEDIA;
    }
    if (cluster == 1) {
      return type.endOfChain();
    }
    if (cluster >= endCluster) {
      return 0;
    }
    return isLast(cluster, run) ? type.endOfChain() : cluster + 1;
  }
}
