package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.Content;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes file data: blocks, and fragment blocks with the data of files smaller than a block.
///
/// Everything lands in the order in which it is stored, whatever the number of threads. A file
/// whose data is already there is placed where that is: small files are told by their SHA-256
/// before they are packed, others by their compressed blocks once these are written.
///
/// For one thread. What is written belongs to those the pipeline hands blocks to; it is here again
/// when [#finish] returns.
final class DataWriter implements Closeable {
  /// How many blocks, sparse ones included, an image may have: a block list is memory, and a hole
  /// of petabytes costs its author nothing. At the default block size this is 2 TiB.
  static final long MOST_BLOCKS = 1L << 24;

  private final int blockSizeBytes;
  private final BlockPipeline pipeline;
  private final WrittenData written;
  private final BlockStore store;
  private final Map<TailIdentity, Placement> tails = new HashMap<>();
  private final MessageDigest sha256 = newSha256();
  private BlockWorkers.@Nullable Block openFragment;
  private long fragmentsBegun;
  private long blockCount;
  private boolean failed;

  /// @param target where blocks go, from `startBytes` on
  DataWriter(FileChannel target, long startBytes, BlockWorkers workers) {
    SquashfsOptions options = workers.options();
    this.blockSizeBytes = options.blockSizeBytes();
    this.pipeline = new BlockPipeline(workers);
    this.written = new WrittenData(target, startBytes);
    this.store =
        new BlockStore(
            Content.ofFile(target, 0, Long.MAX_VALUE),
            options.compression().compression(),
            blockSizeBytes,
            written.fragments());
  }

  /// Takes a file's data, all of which has been read when this returns.
  StoredFile store(SquashfsWriter.Transfer source) throws IOException {
    requireWorking();
    failed = true;
    IncomingFile file = new IncomingFile();
    source.transferTo(file);
    StoredFile stored = file.end();
    failed = false;
    return stored;
  }

  /// Writes what is still in memory. Afterwards every file has its place.
  void finish() throws IOException {
    requireWorking();
    failed = true;
    writeOpenFragment();
    pipeline.drain();
    failed = false;
  }

  /// The fragment table, complete once this has finished.
  List<FragmentEntry> fragments() {
    return written.fragments();
  }

  /// Where the next byte would go: the end of the data once this has finished.
  long positionBytes() {
    return written.positionBytes();
  }

  boolean wrote(Content content) {
    return content instanceof StoredFile file && file.store() == store;
  }

  private void requireWorking() {
    if (failed) {
      throw new IllegalStateException("an earlier failure left this image incomplete");
    }
  }

  /// The file being stored: fills one block after the other.
  private final class IncomingFile implements Content.Sink {
    private final WrittenData.Run run = written.newRun();
    private BlockWorkers.@Nullable Block open;
    private int blocks;
    private long sizeBytes;

    @Override
    public void data(ByteBuffer bytes) throws IOException {
      int end = bytes.limit();
      while (bytes.position() < end) {
        ByteBuffer room = room();
        bytes.limit(bytes.position() + Math.min(end - bytes.position(), room.remaining()));
        sizeBytes += bytes.remaining();
        room.put(bytes);
        submitIfFull();
      }
    }

    @Override
    public void region(FileChannel file, long offsetBytes, long countBytes) throws IOException {
      Content region = Content.ofFile(file, offsetBytes, countBytes);
      for (long position = 0; position < countBytes; ) {
        ByteBuffer room = room();
        int count = (int) Math.min(countBytes - position, room.remaining());
        region.read(position, room.slice(room.position(), count));
        room.position(room.position() + count);
        sizeBytes += count;
        position += count;
        submitIfFull();
      }
    }

    @Override
    public void hole(long countBytes) throws IOException {
      long left = countBytes;
      if (open != null) {
        left -= zeros(left);
      }
      long whole = left / blockSizeBytes;
      countBlocks(whole);
      blocks += (int) whole;
      sizeBytes += whole * blockSizeBytes;
      zeros(left % blockSizeBytes);
    }

    /// Fills the open block with up to `mostBytes` zeros.
    private long zeros(long mostBytes) throws IOException {
      if (mostBytes == 0) {
        return 0;
      }
      ByteBuffer room = room();
      int count = (int) Math.min(mostBytes, room.remaining());
      Content.hole(count).read(0, room.slice(room.position(), count));
      room.position(room.position() + count);
      sizeBytes += count;
      submitIfFull();
      return count;
    }

    private ByteBuffer room() throws IOException {
      if (open == null) {
        open = pipeline.take();
      }
      return open.content();
    }

    private void submitIfFull() throws IOException {
      if (open != null && !open.content().hasRemaining()) {
        submitOpen(open);
      }
    }

    private void submitOpen(BlockWorkers.Block block) throws IOException {
      countBlocks(1);
      int index = blocks++;
      pipeline.submit(block, true, result -> run.receive(index, result));
      open = null;
    }

    /// A file that fills no block is a tail; what is left of a larger one is a smaller block.
    StoredFile end() throws IOException {
      if (blocks == 0) {
        return new StoredFile(store, sizeBytes, tailPlacement());
      }
      if (open != null) {
        submitOpen(open);
      }
      StoredFile file = new StoredFile(store, sizeBytes);
      pipeline.mark(() -> file.place(run.place(blocks, sizeBytes)));
      return file;
    }

    private Placement tailPlacement() throws IOException {
      if (open == null) {
        return Placement.EMPTY;
      }
      Placement placement = placeTail(open.content().flip());
      pipeline.giveBack(open);
      return placement;
    }
  }

  private void countBlocks(long more) throws SquashfsLimitException {
    blockCount += more;
    if (blockCount > MOST_BLOCKS) {
      SquashfsLimitException.require(
          "so many blocks of %d bytes".formatted(blockSizeBytes), blockCount, MOST_BLOCKS);
    }
  }

  /// Packs the data of a small file with that of others.
  private Placement placeTail(ByteBuffer tail) throws IOException {
    TailIdentity identity = TailIdentity.of(sha256, tail.duplicate());
    Placement known = tails.get(identity);
    if (known != null) {
      return known;
    }
    Placement placed = appendTail(tail);
    tails.put(identity, placed);
    return placed;
  }

  private Placement appendTail(ByteBuffer tail) throws IOException {
    if (openFragment != null && openFragment.content().remaining() < tail.remaining()) {
      writeOpenFragment();
    }
    if (openFragment == null) {
      openFragment = pipeline.take();
      fragmentsBegun++;
    }
    ByteBuffer room = openFragment.content();
    Placement placed = Placement.inFragment(fragmentsBegun - 1, room.position());
    room.put(tail);
    return placed;
  }

  private void writeOpenFragment() {
    if (openFragment != null) {
      int contentBytes = openFragment.content().position();
      pipeline.submit(openFragment, false, block -> written.addFragment(block, contentBytes));
      openFragment = null;
    }
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  @Override
  public void close() {
    pipeline.close();
  }

  /// A SHA-256, which is identity enough for what is itself a part of something named by one.
  private record TailIdentity(long a, long b, long c, long d) {
    static TailIdentity of(MessageDigest sha256, ByteBuffer tail) {
      sha256.update(tail);
      ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
      return new TailIdentity(
          digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
    }

    /// As a record's own, which would cost every start some milliseconds to link.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof TailIdentity(long otherA, long otherB, long otherC, long otherD)
          && a == otherA
          && b == otherB
          && c == otherC
          && d == otherD;
    }

    /// Any of its bits are as good as others.
    @Override
    public int hashCode() {
      return (int) a;
    }
  }
}
