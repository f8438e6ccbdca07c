package io.github.container2boot.serve.http;

import io.github.container2boot.bytes.Content;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The beginning of a range of a Content, in one of two forms: a region of a file that is worth
/// having the kernel send, or bytes in a buffer, into which small regions are read.
final class Piece implements Content.Sink {
  private static final int LEAST_REGION_BYTES = 32 << 10;

  private final Supplier<ByteBuffer> buffers;
  private @Nullable ByteBuffer buffer;
  private @Nullable FileChannel file;
  private long offsetBytes;
  private long sizeBytes;
  private boolean complete;

  private Piece(Supplier<ByteBuffer> buffers) {
    this.buffers = buffers;
  }

  /// @param buffers gives a buffer with room for `countBytes`, if one is needed
  static Piece of(Content content, long offsetBytes, long countBytes, Supplier<ByteBuffer> buffers)
      throws IOException {
    Piece piece = new Piece(buffers);
    content.transferTo(offsetBytes, countBytes, piece);
    return piece;
  }

  /// The file, if this is a region of one.
  @Nullable FileChannel file() {
    return file;
  }

  long offsetBytes() {
    return offsetBytes;
  }

  int sizeBytes() {
    return Math.toIntExact(sizeBytes);
  }

  @Override
  public void region(FileChannel from, long offset, long countBytes) throws IOException {
    if (complete) {
      return;
    }
    if (countBytes < LEAST_REGION_BYTES && file == null) {
      sizeBytes += countBytes;
      read(from, offset, Math.toIntExact(countBytes));
    } else if (sizeBytes == 0) {
      file = from;
      offsetBytes = offset;
      sizeBytes = countBytes;
    } else if (from.equals(file) && offset == offsetBytes + sizeBytes) {
      sizeBytes += countBytes;
    } else {
      complete = true;
    }
  }

  private void read(FileChannel from, long offset, int countBytes) throws IOException {
    ByteBuffer room = room();
    int limit = room.limit();
    int start = room.position();
    room.limit(start + countBytes);
    while (room.hasRemaining()) {
      if (from.read(room, offset + room.position() - start) < 0) {
        throw new EOFException("file ends too soon, before byte " + (offset + countBytes));
      }
    }
    room.limit(limit);
  }

  @Override
  public void data(ByteBuffer bytes) {
    if (accepts()) {
      sizeBytes += bytes.remaining();
      room().put(bytes);
    }
  }

  @Override
  public void hole(long countBytes) {
    if (accepts()) {
      sizeBytes += countBytes;
      ByteBuffer zeros = room();
      for (long count = 0; count < countBytes; count++) {
        zeros.put((byte) 0);
      }
    }
  }

  private boolean accepts() {
    complete |= file != null;
    return !complete;
  }

  private ByteBuffer room() {
    if (buffer == null) {
      buffer = buffers.get();
    }
    return buffer;
  }
}
