package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file's data as it lies compressed in an image.
///
/// Reading decompresses. What matters more: an assembler that meets one takes its blocks as they
/// are. One that a [SquashfsWriter] gave out can be placed in trees at once and read once the
/// writer has finished, as long as the image's file is open.
public final class StoredFile implements Content {
  private final BlockStore store;
  private final long sizeBytes;
  private volatile @Nullable Placement placement;

  /// A file whose place is still being decided: see [#place].
  StoredFile(BlockStore store, long sizeBytes) {
    this.store = store;
    this.sizeBytes = sizeBytes;
  }

  StoredFile(BlockStore store, long sizeBytes, Placement placement) {
    this(store, sizeBytes);
    this.placement = placement;
  }

  void place(Placement decided) {
    placement = decided;
  }

  BlockStore store() {
    return store;
  }

  Placement placement() {
    Placement known = placement;
    if (known == null) {
      throw new IllegalStateException("the file is still being written: finish the image first");
    }
    return known;
  }

  int tailBytes() {
    return placement().hasTail() ? (int) (sizeBytes % store.blockSizeBytes()) : 0;
  }

  /// The tail of this file, whose fragment block holds `fragment`.
  ByteBuffer tailIn(ByteBuffer fragment) throws FormatException {
    int offset = placement().fragmentOffsetBytes();
    if (fragment.remaining() - offset < tailBytes()) {
      throw FormatException.malformed(
          "SquashFS fragment block %d holds %d bytes: expected a tail of %d bytes at %d"
              .formatted(placement().fragment(), fragment.remaining(), tailBytes(), offset));
    }
    return fragment.slice(offset, tailBytes());
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  /// Thread-safe; a few decompressed blocks of each image are kept.
  @Override
  public void read(long offsetBytes, ByteBuffer target) throws IOException {
    Objects.checkFromIndexSize(offsetBytes, target.remaining(), sizeBytes);
    long position = offsetBytes;
    while (target.hasRemaining()) {
      int index = (int) (position / store.blockSizeBytes());
      int within = (int) (position % store.blockSizeBytes());
      int count = Math.min(target.remaining(), blockBytes(index) - within);
      readBlock(index, within, count, target);
      position += count;
    }
  }

  private void readBlock(int index, int within, int count, ByteBuffer target) throws IOException {
    Placement at = placement();
    if (index == at.blocks().count()) {
      target.put(tailIn(store.fragment(at.fragment())).slice(within, count));
    } else if (at.blocks().word(index) == BlockSize.SPARSE) {
      Content.hole(count).read(0, target.slice(target.position(), count));
      target.position(target.position() + count);
    } else {
      long start = at.startBytes() + at.blocks().offsetBytes(index);
      ByteBuffer block = store.cachedBlock(start, at.blocks().word(index), blockBytes(index));
      target.put(block.slice(within, count));
    }
  }

  @Override
  public void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException {
    Objects.checkFromIndexSize(offsetBytes, countBytes, sizeBytes);
    long position = offsetBytes;
    long end = offsetBytes + countBytes;
    while (position < end) {
      int index = (int) (position / store.blockSizeBytes());
      int within = (int) (position % store.blockSizeBytes());
      int count = (int) Math.min(end - position, blockBytes(index) - within);
      transferBlock(index, within, count, sink);
      position += count;
    }
  }

  private void transferBlock(int index, int within, int count, Sink sink) throws IOException {
    Placement at = placement();
    if (index == at.blocks().count()) {
      sink.data(tailIn(store.fragment(at.fragment())).slice(within, count));
    } else if (at.blocks().word(index) == BlockSize.SPARSE) {
      sink.hole(count);
    } else {
      long start = at.startBytes() + at.blocks().offsetBytes(index);
      store.withBlock(
          start,
          at.blocks().word(index),
          blockBytes(index),
          block -> sink.data(block.slice(within, count)));
    }
  }

  /// How many bytes of the file block `index` holds; the tail counts as the last block.
  private int blockBytes(int index) {
    long start = (long) index * store.blockSizeBytes();
    return (int) Math.min(store.blockSizeBytes(), sizeBytes - start);
  }
}
