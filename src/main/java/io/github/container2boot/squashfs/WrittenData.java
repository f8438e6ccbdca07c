package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The data of an image as far as it is written: blocks one after the other, and what is known of
/// them.
///
/// A file whose blocks are the same as those of an earlier one, by their sizes and checksums first
/// and then byte by byte, is placed where that is, and written over by what comes next.
final class WrittenData {
  private static final int COMPARED_AT_ONCE = 1 << 16;

  /// How many files that look the same are compared with a new one; honest images have one.
  private static final int MOST_CANDIDATES = 8;

  private final FileChannel target;
  private final Content image;
  private final List<FragmentEntry> fragments = new ArrayList<>();
  private final Map<RunIdentity, List<Placement>> runs = new HashMap<>();
  private long positionBytes;

  /// @param target where blocks go, from `startBytes` on
  WrittenData(FileChannel target, long startBytes) {
    this.target = target;
    this.image = Content.ofFile(target, 0, Long.MAX_VALUE);
    this.positionBytes = startBytes;
  }

  /// The fragment table.
  List<FragmentEntry> fragments() {
    return fragments;
  }

  /// Where the next byte would go.
  long positionBytes() {
    return positionBytes;
  }

  /// Writes a block of tails.
  ///
  /// @param contentBytes how large it was before it was compressed
  void addFragment(BlockPipeline.CompressedBlock block, int contentBytes) throws IOException {
    fragments.add(new FragmentEntry(positionBytes, block.sizeWord(), contentBytes));
    write(block.stored());
  }

  Run newRun() {
    return new Run();
  }

  /// The blocks of one file.
  final class Run {
    private final BlockList.Builder blocks = new BlockList.Builder();
    private long startBytes = -1;
    private long checksum;

    /// Writes block `index`. Those that never come are sparse.
    void receive(int index, BlockPipeline.CompressedBlock block) throws IOException {
      if (startBytes < 0) {
        startBytes = positionBytes;
      }
      blocks.set(index, block.sizeWord());
      checksum = checksum * 0x9E37_79B9_7F4A_7C15L + block.checksum();
      write(block.stored());
    }

    /// Decides where the file is, all of whose blocks are written.
    Placement place(int blockCount, long sizeBytes) throws IOException {
      Placement placement = Placement.inBlocks(startBytes, blocks.build(blockCount));
      if (placement.blocks().storedBytes() == 0) {
        return placement;
      }
      RunIdentity identity = new RunIdentity(sizeBytes, placement.blocks(), checksum);
      List<Placement> candidates = runs.computeIfAbsent(identity, _ -> new ArrayList<>(1));
      for (Placement candidate : candidates) {
        if (sameBytes(candidate.startBytes(), startBytes, placement.blocks().storedBytes())) {
          positionBytes = startBytes;
          return candidate;
        }
      }
      if (candidates.size() < MOST_CANDIDATES) {
        candidates.add(placement);
      }
      return placement;
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      positionBytes += target.write(bytes, positionBytes);
    }
  }

  private boolean sameBytes(long firstBytes, long secondBytes, long countBytes) throws IOException {
    ByteBuffer first = ByteBuffer.allocateDirect(COMPARED_AT_ONCE);
    ByteBuffer second = ByteBuffer.allocateDirect(COMPARED_AT_ONCE);
    for (long compared = 0; compared < countBytes; compared += first.limit()) {
      int count = (int) Math.min(COMPARED_AT_ONCE, countBytes - compared);
      image.read(firstBytes + compared, first.clear().limit(count));
      image.read(secondBytes + compared, second.clear().limit(count));
      if (first.flip().mismatch(second.flip()) >= 0) {
        return false;
      }
    }
    return true;
  }

  private record RunIdentity(long sizeBytes, BlockList blocks, long checksum) {}
}
