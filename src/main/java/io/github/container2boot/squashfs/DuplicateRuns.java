package io.github.container2boot.squashfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds block runs that are the same in several images: equal lists of blocks first, then equal
/// compressed bytes.
final class DuplicateRuns {
  private static final int COMPARED_AT_ONCE = 1 << 16;

  /// How many runs that look the same are compared; honest images have one.
  private static final int MOST_CANDIDATES = 8;

  private final Map<BlockList, List<SourceImage.Run>> known = new HashMap<>();
  private final ByteBuffer first = ByteBuffer.allocateDirect(COMPARED_AT_ONCE);
  private final ByteBuffer second = ByteBuffer.allocateDirect(COMPARED_AT_ONCE);

  /// The run to take for `file`: its own, or an equal one seen before.
  SourceImage.Run first(StoredFile file) throws IOException {
    SourceImage.Run run = SourceImage.Run.of(file);
    if (run.countBytes() == 0) {
      return run;
    }
    List<SourceImage.Run> candidates =
        known.computeIfAbsent(file.placement().blocks(), _ -> new ArrayList<>(1));
    for (SourceImage.Run candidate : candidates) {
      if (sameBytes(candidate, run)) {
        return candidate;
      }
    }
    if (candidates.size() < MOST_CANDIDATES) {
      candidates.add(run);
    }
    return run;
  }

  private boolean sameBytes(SourceImage.Run one, SourceImage.Run other) throws IOException {
    if (one.equals(other)) {
      return true;
    }
    for (long compared = 0; compared < one.countBytes(); compared += first.limit()) {
      int count = (int) Math.min(COMPARED_AT_ONCE, one.countBytes() - compared);
      one.store().image().read(one.startBytes() + compared, first.clear().limit(count));
      other.store().image().read(other.startBytes() + compared, second.clear().limit(count));
      if (first.flip().mismatch(second.flip()) >= 0) {
        return false;
      }
    }
    return true;
  }
}
