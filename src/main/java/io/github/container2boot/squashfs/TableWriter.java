package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteWriter;
import java.nio.ByteBuffer;

/// Puts tables one after the other behind the data. Linux insists that nothing lies between them.
final class TableWriter {
  private final long startBytes;
  private final ByteWriter written = ByteWriter.littleEndian(1 << 16);

  /// @param startBytes where the first table begins in the image
  TableWriter(long startBytes) {
    this.startBytes = startBytes;
  }

  /// Where the next byte will be in the image.
  long positionBytes() {
    return startBytes + written.size();
  }

  /// Writes metadata blocks.
  ///
  /// @return where they begin
  long blocks(ByteBuffer stored) {
    long position = positionBytes();
    written.bytes(stored);
    return position;
  }

  /// Writes metadata blocks, then `header`, then the offset of each block.
  ///
  /// @return where the header begins
  long indexed(MetadataWriter metadata, ByteWriter header) {
    long blocks = blocks(metadata.finish());
    long position = positionBytes();
    written.bytes(header.asByteBuffer());
    metadata.blockStarts().forEach(start -> written.u64(blocks + start));
    return position;
  }

  ByteWriter written() {
    return written;
  }
}
