package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.compress.BlockCompressor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Writes a stream of records as metadata blocks: 8 KiB each before compression, stored compressed
/// where that makes them smaller. Records may lie across the border of two blocks.
final class MetadataWriter {
  private final BlockCompressor compressor;
  private final ByteBuffer content = ByteBuffer.allocateDirect(MetadataBlockHeader.BLOCK_BYTES);
  private final ByteBuffer compressed = ByteBuffer.allocateDirect(MetadataBlockHeader.BLOCK_BYTES);
  private final ByteWriter stored = ByteWriter.littleEndian(MetadataBlockHeader.BLOCK_BYTES);
  private final List<Integer> blockStarts = new ArrayList<>();

  MetadataWriter(BlockCompressor compressor) {
    this.compressor = compressor;
  }

  /// Where the next record will begin.
  MetadataReference position() {
    return new MetadataReference(stored.size(), content.position());
  }

  void write(ByteWriter record) {
    write(record.asByteBuffer());
  }

  void write(ByteBuffer record) {
    while (record.remaining() >= content.remaining()) {
      int count = content.remaining();
      content.put(record.slice(record.position(), count));
      record.position(record.position() + count);
      writeBlock();
    }
    content.put(record);
  }

  /// All blocks with their headers; nothing can be written any more.
  ByteBuffer finish() {
    if (content.position() > 0) {
      writeBlock();
    }
    return stored.asByteBuffer();
  }

  /// Where each block begins, from the first one's start. Complete once finished.
  List<Integer> blockStarts() {
    return blockStarts;
  }

  private void writeBlock() {
    blockStarts.add(stored.size());
    content.flip();
    compressed.clear().limit(content.remaining() - 1);
    int count = compressor.compress(content.duplicate(), compressed);
    boolean smaller = count != BlockCompressor.DOES_NOT_FIT;
    ByteBuffer block = smaller ? compressed.flip() : content;
    new MetadataBlockHeader(block.remaining(), smaller).writeTo(stored);
    stored.bytes(block);
    content.clear();
  }
}
