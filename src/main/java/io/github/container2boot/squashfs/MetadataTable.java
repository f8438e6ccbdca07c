package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.BlockDecompressor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A table of metadata blocks, decompressed.
final class MetadataTable {
  private final String name;
  private final ByteBuffer content;
  private final int[] storedStarts;
  private final int[] contentStarts;

  private MetadataTable(String name, ByteBuffer content, int[] storedStarts, int[] contentStarts) {
    this.name = name;
    this.content = content;
    this.storedStarts = storedStarts;
    this.contentStarts = contentStarts;
  }

  /// Reads all blocks from `startBytes` to `endBytes`.
  static MetadataTable read(
      String name, ImageBytes image, long startBytes, long endBytes, BlockDecompressor decompressor)
      throws IOException {
    return new Reading(name, image, startBytes, decompressor).read(endBytes);
  }

  /// Reads one block.
  static ByteReader readBlock(
      String name, ImageBytes image, long startBytes, BlockDecompressor decompressor)
      throws IOException {
    ByteReader header = image.read(name, startBytes, MetadataBlockHeader.SIZE);
    long end =
        startBytes + MetadataBlockHeader.SIZE + MetadataBlockHeader.readFrom(header).storedBytes();
    ByteBuffer content = read(name, image, startBytes, end, decompressor).content;
    return ByteReader.littleEndian(content, 0);
  }

  int sizeBytes() {
    return content.limit();
  }

  /// Reads on from `reference`, across the borders of blocks.
  ByteReader at(MetadataReference reference) throws FormatException {
    int block =
        reference.blockBytes() > Integer.MAX_VALUE
            ? -1
            : Arrays.binarySearch(storedStarts, (int) reference.blockBytes());
    if (block < 0 || contentStarts[block] + reference.offsetBytes() > content.limit()) {
      throw FormatException.malformed(
          "SquashFS reference %d:%d leads to nothing in the %s"
              .formatted(reference.blockBytes(), reference.offsetBytes(), name));
    }
    int position = contentStarts[block] + reference.offsetBytes();
    return ByteReader.littleEndian(content.slice(position, content.limit() - position), position);
  }

  /// Reads the blocks: their headers first, so that what they can hold is known.
  private record Reading(
      String name, ImageBytes image, long startBytes, BlockDecompressor decompressor) {
    private static final long MOST_STORED_BYTES = 1L << 30;

    MetadataTable read(long endBytes) throws IOException {
      ByteBuffer stored = storedBytes(endBytes);
      int[] starts = blockStarts(stored);
      long mostBytes = (long) starts.length * MetadataBlockHeader.BLOCK_BYTES;
      if (mostBytes > Integer.MAX_VALUE - 64) {
        throw FormatException.unsupported(
            startBytes, "SquashFS %s of %d metadata blocks".formatted(name, starts.length));
      }
      image.spendMemory(name, mostBytes);
      ByteBuffer content = ByteBuffer.allocate((int) mostBytes);
      int[] contentStarts = new int[starts.length];
      for (int block = 0; block < starts.length; block++) {
        contentStarts[block] = content.position();
        readBlock(stored, starts[block], content);
      }
      return new MetadataTable(name, content.flip(), starts, contentStarts);
    }

    private ByteBuffer storedBytes(long endBytes) throws IOException {
      long size = endBytes - startBytes;
      if (size < 0 || size > MOST_STORED_BYTES) {
        throw FormatException.malformed(
            startBytes,
            "SquashFS %s of %d bytes: expected 0 to %d".formatted(name, size, MOST_STORED_BYTES));
      }
      image.requireInside(name, startBytes, size);
      image.spendMemory(name, size);
      ByteBuffer stored = ByteBuffer.allocate((int) size);
      image.read(name, startBytes, stored);
      return stored.flip();
    }

    private int[] blockStarts(ByteBuffer stored) throws FormatException {
      int[] starts = new int[16];
      int count = 0;
      ByteReader reader = ByteReader.littleEndian(stored, startBytes);
      while (reader.remaining() > 0) {
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, 2 * count);
        }
        starts[count++] = (int) (reader.offsetBytes() - startBytes);
        reader.skip(MetadataBlockHeader.readFrom(reader).storedBytes());
      }
      return Arrays.copyOf(starts, count);
    }

    private void readBlock(ByteBuffer stored, int start, ByteBuffer content) throws IOException {
      ByteReader reader =
          ByteReader.littleEndian(stored.slice(start, stored.limit() - start), startBytes + start);
      MetadataBlockHeader header = MetadataBlockHeader.readFrom(reader);
      ByteBuffer block = reader.slice(header.storedBytes());
      if (!header.compressed()) {
        content.put(block);
        return;
      }
      ByteBuffer room = content.slice(content.position(), MetadataBlockHeader.BLOCK_BYTES);
      try {
        int count = decompressor.decompress(block, room);
        content.position(content.position() + count);
      } catch (FormatException problem) {
        throw problem.in("SquashFS %s, block at byte %d".formatted(name, startBytes + start));
      }
    }
  }
}
