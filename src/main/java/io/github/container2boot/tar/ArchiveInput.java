package io.github.container2boot.tar;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// The archive as it comes in: one large buffer, and where we are.
final class ArchiveInput implements Closeable {
  /// How far [#request] can look ahead.
  static final int BUFFER_BYTES = 1 << 18;

  private final InputStream stream;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteBuffer view = ByteBuffer.wrap(buffer);
  private int begin;
  private int end;
  private long endOffsetBytes;

  ArchiveInput(InputStream stream) {
    this.stream = stream;
  }

  /// Where in the archive the next byte lies.
  long offsetBytes() {
    return endOffsetBytes - available();
  }

  /// The buffer: its bytes from [#begin] on, [#available] of them, are next. A call that reads
  /// moves them.
  byte[] buffer() {
    return buffer;
  }

  int begin() {
    return begin;
  }

  int available() {
    return end - begin;
  }

  /// Whether there are `count` more bytes; if so, they are in the buffer now.
  boolean request(int count) throws IOException {
    if (available() < count) {
      compact();
      fill();
    }
    return available() >= count;
  }

  /// Moves on over bytes that are in the buffer.
  void consume(int count) {
    begin += count;
  }

  /// Hands the next `count` bytes to `sink`.
  void transfer(long count, Content.Sink sink) throws IOException {
    for (long left = count; left > 0; ) {
      requireAny(left);
      int piece = (int) Math.min(left, available());
      view.limit(begin + piece).position(begin);
      sink.data(view);
      begin += piece;
      left -= piece;
    }
  }

  /// The next `count` bytes; the caller has bounded their number.
  byte[] bytes(int count) throws IOException {
    byte[] bytes = new byte[count];
    ByteBuffer target = ByteBuffer.wrap(bytes);
    transfer(count, new Collector(target));
    return bytes;
  }

  void skip(long count) throws IOException {
    long left = count;
    while (left > available()) {
      left -= available();
      begin = end;
      left -= skipUnbuffered(left - 1);
      requireAny(left);
    }
    begin += (int) left;
  }

  /// All but the last byte may be jumped over: some streams jump past their end without a word, so
  /// that byte is read.
  private long skipUnbuffered(long count) throws IOException {
    long skipped = count > 0 ? stream.skip(count) : 0;
    endOffsetBytes += skipped;
    return skipped;
  }

  /// Reads the input to its end.
  void drain() throws IOException {
    do {
      begin = 0;
      end = 0;
      fill();
    } while (end > 0);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  private void requireAny(long wanted) throws IOException {
    if (available() == 0) {
      begin = 0;
      end = 0;
      fill();
      if (end == 0) {
        throw FormatException.malformed(
            offsetBytes(), "archive ends too soon: expected %d more bytes".formatted(wanted));
      }
    }
  }

  private void compact() {
    System.arraycopy(buffer, begin, buffer, 0, available());
    end = available();
    begin = 0;
  }

  private void fill() throws IOException {
    int count = stream.readNBytes(buffer, end, buffer.length - end);
    end += count;
    endOffsetBytes += count;
  }

  private record Collector(ByteBuffer target) implements Content.Sink {
    @Override
    public void data(ByteBuffer bytes) {
      target.put(bytes);
    }

    @Override
    public void hole(long countBytes) {
      throw new IllegalStateException("the input itself has no holes");
    }
  }
}
