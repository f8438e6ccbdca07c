package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.tree.Directory;
import io.github.container2boot.tree.FileTree;
import io.github.container2boot.tree.Inode;
import io.github.container2boot.tree.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Makes an image from a tree whose files lie in other images already, without compressing them
/// again.
///
/// Data blocks do not know where they are; only inodes do. So the blocks of every file that is in
/// the tree are taken from their images as they are, in the order in which they lie there, and the
/// tables are written anew. A fragment block holds the data of several files: it is taken as it is
/// only if all of it is visible, otherwise what is visible of it is packed anew, so that nothing of
/// a file that is not in the tree is left.
public final class SquashfsAssembler {
  private SquashfsAssembler() {}

  /// The image that holds `tree`.
  ///
  /// Files in images with the same compressor and block size as `options` are taken as they are;
  /// all others are compressed. The images must stay readable as long as the result is used, and
  /// the same goes for `scratch`.
  ///
  /// @param scratch where data that must be compressed goes, behind what is there; open for reading
  ///   and writing
  /// @throws SquashfsLimitException if the tree does not fit the format
  public static AssembledImage assemble(FileTree tree, SquashfsOptions options, FileChannel scratch)
      throws IOException {
    return place(tree, options, scratch).image(tree);
  }

  /// Decides where the data of `tree` goes, as [#assemble] would.
  public static PlacedData place(FileTree tree, SquashfsOptions options, FileChannel scratch)
      throws IOException {
    Assembly assembly = new Assembly(options, scratch);
    assembly.place(tree);
    return assembly;
  }

  /// The data of an image, before there are tables.
  public sealed interface PlacedData {
    /// The whole image.
    ///
    /// @param tree that was placed; its inodes may have got other attributes meanwhile. Once only.
    AssembledImage image(FileTree tree) throws IOException;
  }

  private static final class Assembly implements PlacedData {
    private final SquashfsOptions options;
    private final FileChannel scratch;
    private final Map<BlockStore, SourceImage> sources = new LinkedHashMap<>();
    private final List<Content> foreign = new ArrayList<>();
    private final IdentityHashMap<Content, Placement> placements =
        new IdentityHashMap<>(FileTree.USUAL_INODES);
    private final List<AssembledImage.Part> parts = new ArrayList<>();
    private final List<FragmentEntry> fragments = new ArrayList<>();
    private long positionBytes;

    Assembly(SquashfsOptions options, FileChannel scratch) {
      this.options = options;
      this.scratch = scratch;
      this.positionBytes = ImageTables.headBytes(options);
    }

    void place(FileTree tree) throws IOException {
      collect(tree.root(), Collections.newSetFromMap(new IdentityHashMap<>(FileTree.USUAL_INODES)));
      decideRuns();
      for (SourceImage source : sources.values()) {
        source.decideFragments();
      }
      for (SourceImage source : sources.values()) {
        take(source);
      }
      try (BlockWorkers workers = BlockWorkers.start(options);
          DataWriter writer = new DataWriter(scratch, scratch.size(), workers)) {
        compress(writer);
      }
    }

    @Override
    public AssembledImage image(FileTree tree) throws IOException {
      ImageTables tables =
          ImageTables.of(
              tree,
              file -> Objects.requireNonNull(placements.get(file.content())),
              fragments,
              positionBytes,
              options);
      parts.addFirst(new AssembledImage.Made(Content.of(tables.head())));
      parts.addLast(new AssembledImage.Made(Content.of(tables.tables())));
      return new AssembledImage(parts);
    }

    private void collect(Directory directory, Set<Content> seen) {
      for (Inode inode : directory.entries().values()) {
        if (inode instanceof Directory below) {
          collect(below, seen);
        } else if (inode instanceof RegularFile file && seen.add(file.content())) {
          collect(file.content());
        }
      }
    }

    private void collect(Content content) {
      if (content instanceof StoredFile file && file.store().fits(options)) {
        sources.computeIfAbsent(file.store(), SourceImage::new).add(file);
      } else {
        foreign.add(content);
      }
    }

    /// The same blocks may be in several images, when a layer changed a file's attributes only:
    /// take them once.
    private void decideRuns() throws IOException {
      DuplicateRuns duplicates = new DuplicateRuns();
      for (SourceImage source : sources.values()) {
        for (StoredFile file : source.files()) {
          source.useRun(file, duplicates.first(file));
        }
      }
    }

    /// Gives what is taken of an image its new place.
    private void take(SourceImage source) {
      source.taken().place(positionBytes);
      parts.addAll(source.taken().parts(source.store().image()));
      positionBytes += source.taken().sizeBytes();
      for (long fragment : source.keptFragments()) {
        FragmentEntry entry = source.store().fragmentEntry(fragment);
        source.renumber(fragment, fragments.size());
        fragments.add(
            new FragmentEntry(
                source.taken().newOffset(entry.startBytes()),
                entry.sizeWord(),
                entry.contentBytes()));
      }
    }

    private void compress(DataWriter writer) throws IOException {
      long start = writer.positionBytes();
      IdentityHashMap<StoredFile, StoredFile> packed = new IdentityHashMap<>();
      for (SourceImage source : sources.values()) {
        source.packTails(writer, packed);
      }
      IdentityHashMap<Content, StoredFile> stored = new IdentityHashMap<>();
      for (Content content : foreign) {
        stored.put(content, writer.store(content::transferTo));
      }
      writer.finish();
      Moved moved = new Moved(positionBytes - start, fragments.size());
      writer.fragments().forEach(entry -> fragments.add(moved.fragment(entry)));
      stored.forEach((content, file) -> placements.put(content, moved.placement(file.placement())));
      placeTaken(packed, moved);
      long size = writer.positionBytes() - start;
      if (size > 0) {
        parts.add(new AssembledImage.Made(Content.ofFile(scratch, start, size)));
      }
      positionBytes += size;
    }

    private void placeTaken(IdentityHashMap<StoredFile, StoredFile> packed, Moved moved) {
      for (SourceImage source : sources.values()) {
        for (StoredFile file : source.files()) {
          StoredFile tail = packed.get(file);
          Placement at = tail == null ? source.keptTail(file) : moved.placement(tail.placement());
          placements.put(file, withBlocks(source, file, at));
        }
      }
    }

    private Placement withBlocks(SourceImage source, StoredFile file, Placement tail) {
      SourceImage.Run run = source.run(file);
      BlockList blocks = file.placement().blocks();
      long start = run.countBytes() == 0 ? 0 : sourceOf(run).taken().newOffset(run.startBytes());
      return new Placement(start, blocks, tail.fragment(), tail.fragmentOffsetBytes());
    }

    private SourceImage sourceOf(SourceImage.Run run) {
      return Objects.requireNonNull(sources.get(run.store()), "run of no source");
    }
  }

  /// What compressed data's places become once it is behind all else.
  private record Moved(long byBytes, long byFragments) {
    FragmentEntry fragment(FragmentEntry entry) {
      return new FragmentEntry(
          entry.startBytes() + byBytes, entry.sizeWord(), entry.contentBytes());
    }

    Placement placement(Placement placement) {
      return new Placement(
          placement.blocks().storedBytes() == 0 ? 0 : placement.startBytes() + byBytes,
          placement.blocks(),
          placement.hasTail() ? placement.fragment() + byFragments : FragmentEntry.NONE,
          placement.fragmentOffsetBytes());
    }
  }
}
