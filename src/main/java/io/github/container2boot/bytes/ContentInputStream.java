package io.github.container2boot.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads a [Content] from its beginning to its end.
final class ContentInputStream extends BulkInputStream {
  private final Content content;
  private long position;

  ContentInputStream(Content content) {
    this.content = content;
  }

  @Override
  protected int readSome(byte[] target, int offset, int count) throws IOException {
    int available = (int) Math.min(count, content.sizeBytes() - position);
    if (available == 0) {
      return -1;
    }
    content.read(position, ByteBuffer.wrap(target, offset, available));
    position += available;
    return available;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.clamp(count, 0, content.sizeBytes() - position);
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, content.sizeBytes() - position);
  }
}
