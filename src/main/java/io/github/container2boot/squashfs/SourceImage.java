package io.github.container2boot.squashfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/// What an assembler takes from one image.
final class SourceImage {
  private static final Comparator<StoredFile> BY_TAIL_OFFSET =
      Comparator.comparingInt(file -> file.placement().fragmentOffsetBytes());

  private final BlockStore store;
  private final List<StoredFile> files = new ArrayList<>();
  private final IdentityHashMap<StoredFile, Run> runs = new IdentityHashMap<>();
  private final TreeMap<Long, List<StoredFile>> tailsByFragment = new TreeMap<>();
  private final NavigableSet<Long> keptFragments = new TreeSet<>();
  private final Map<Long, Long> newNumbers = new HashMap<>();
  private final TakenRanges taken = new TakenRanges();

  SourceImage(BlockStore store) {
    this.store = store;
  }

  /// The blocks of a file, which lie one after the other.
  record Run(BlockStore store, long startBytes, long countBytes) {
    static Run of(StoredFile file) {
      Placement placement = file.placement();
      return new Run(file.store(), placement.startBytes(), placement.blocks().storedBytes());
    }
  }

  BlockStore store() {
    return store;
  }

  List<StoredFile> files() {
    return files;
  }

  TakenRanges taken() {
    return taken;
  }

  void add(StoredFile file) {
    files.add(file);
    if (file.placement().hasTail()) {
      tailsByFragment
          .computeIfAbsent(file.placement().fragment(), _ -> new ArrayList<>())
          .add(file);
    }
  }

  /// Has `file` take its blocks from `run`, which may be in another image: then none of its own are
  /// taken.
  void useRun(StoredFile file, Run run) {
    runs.put(file, run);
    if (run.store() == store) {
      taken.add(run.startBytes(), run.countBytes());
    }
  }

  Run run(StoredFile file) {
    return Objects.requireNonNull(runs.get(file), "file of another image");
  }

  /// Takes the fragment blocks of which every byte is visible.
  void decideFragments() throws IOException {
    for (Map.Entry<Long, List<StoredFile>> tails : tailsByFragment.entrySet()) {
      tails.getValue().sort(BY_TAIL_OFFSET);
      if (visibleBytes(tails.getValue()) == store.fragmentBytes(tails.getKey())) {
        FragmentEntry entry = store.fragmentEntry(tails.getKey());
        keptFragments.add(tails.getKey());
        taken.add(entry.startBytes(), entry.storedBytes());
      }
    }
  }

  /// How many bytes from the start of a fragment block are visible without a gap.
  private static int visibleBytes(List<StoredFile> tails) {
    int end = 0;
    for (StoredFile tail : tails) {
      int offset = tail.placement().fragmentOffsetBytes();
      if (offset > end) {
        return end;
      }
      end = Math.max(end, offset + tail.tailBytes());
    }
    return end;
  }

  NavigableSet<Long> keptFragments() {
    return keptFragments;
  }

  void renumber(long fragment, long number) {
    newNumbers.put(fragment, number);
  }

  /// Packs the tails whose fragment blocks are not taken, in the order in which they lie.
  void packTails(DataWriter writer, IdentityHashMap<StoredFile, StoredFile> packed)
      throws IOException {
    for (Map.Entry<Long, List<StoredFile>> tails : tailsByFragment.entrySet()) {
      if (keptFragments.contains(tails.getKey())) {
        continue;
      }
      ByteBuffer fragment = store.fragment(tails.getKey());
      for (StoredFile file : tails.getValue()) {
        ByteBuffer tail = file.tailIn(fragment);
        packed.put(file, writer.store(sink -> sink.data(tail)));
      }
    }
  }

  /// The place of a tail in a fragment block that is taken as it is; none for a file without one.
  Placement keptTail(StoredFile file) {
    Placement placement = file.placement();
    if (!placement.hasTail()) {
      return Placement.EMPTY;
    }
    long number =
        Objects.requireNonNull(newNumbers.get(placement.fragment()), "fragment block is not taken");
    return Placement.inFragment(number, placement.fragmentOffsetBytes());
  }
}
