package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The byte ranges taken from one image, and where they go. They keep their order; those that touch
/// or overlap become one, so that an image of which everything is taken is copied in one piece.
final class TakenRanges {
  private final TreeMap<Long, Long> endByStart = new TreeMap<>();
  private final TreeMap<Long, Long> newByStart = new TreeMap<>();
  private long sizeBytes;

  void add(long startBytes, long countBytes) {
    if (countBytes > 0) {
      endByStart.merge(startBytes, startBytes + countBytes, Math::max);
    }
  }

  /// Decides where everything goes: one after the other from `positionBytes`.
  void place(long positionBytes) {
    join();
    long position = positionBytes;
    for (Map.Entry<Long, Long> range : endByStart.entrySet()) {
      newByStart.put(range.getKey(), position);
      position += range.getValue() - range.getKey();
    }
    sizeBytes = position - positionBytes;
  }

  private void join() {
    TreeMap<Long, Long> joined = new TreeMap<>();
    for (Map.Entry<Long, Long> range : endByStart.entrySet()) {
      Map.Entry<Long, Long> last = joined.lastEntry();
      if (last != null && range.getKey() <= last.getValue()) {
        joined.put(last.getKey(), Math.max(last.getValue(), range.getValue()));
      } else {
        joined.put(range.getKey(), range.getValue());
      }
    }
    endByStart.clear();
    endByStart.putAll(joined);
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /// Where the byte at `offsetBytes` of the image, which is taken, is now.
  long newOffset(long offsetBytes) {
    Map.Entry<Long, Long> range = newByStart.floorEntry(offsetBytes);
    return range.getValue() + offsetBytes - range.getKey();
  }

  List<AssembledImage.Part> parts(Content image) {
    List<AssembledImage.Part> parts = new ArrayList<>(endByStart.size());
    endByStart.forEach(
        (start, end) -> parts.add(new AssembledImage.Taken(image, start, end - start)));
    return parts;
  }
}
