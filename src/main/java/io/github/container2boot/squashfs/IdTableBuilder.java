package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/// Collects owners and groups, which share one table of 32-bit ids; inodes have 16-bit indexes into
/// it.
final class IdTableBuilder {
  /// Indexes have room for one more, the superblock's count has not.
  static final int MOST_IDS = 0xffff;

  private final Map<Long, Integer> indexes = new LinkedHashMap<>();

  int indexOf(long id) throws SquashfsLimitException {
    Integer known = indexes.get(id);
    if (known != null) {
      return known;
    }
    SquashfsLimitException.require(
        "so many different owners and groups", indexes.size() + 1L, MOST_IDS);
    indexes.put(id, indexes.size());
    return indexes.size() - 1;
  }

  int count() {
    return indexes.size();
  }

  ByteWriter toRecords() {
    ByteWriter ids = ByteWriter.littleEndian(4 * indexes.size());
    indexes.keySet().forEach(ids::u32);
    return ids;
  }
}
