package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The input of a decoder: buffered, with its offset known, and with what the source threw
/// remembered, so that it is never mistaken for the decoder's opinion.
final class CompressedInput extends InputStream {
  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream source;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private long bufferEndOffset;
  private boolean sourceEnded;
  private @Nullable IOException failure;

  CompressedInput(InputStream source) {
    this.source = source;
  }

  /// What the source threw, if it did.
  @Nullable IOException failure() {
    return failure;
  }

  /// Where the next byte lies in the source.
  long offsetBytes() {
    return bufferEndOffset - buffer.remaining();
  }

  /// Bytes of the source that come next, at least one unless [#atEnd]. Moving the buffer's position
  /// consumes them.
  ByteBuffer buffered() throws IOException {
    fill(1);
    return buffer;
  }

  boolean atEnd() throws IOException {
    return !fill(1);
  }

  /// The next byte, which stays, or -1 at the end.
  int peek() throws IOException {
    return fill(1) ? Byte.toUnsignedInt(buffer.get(buffer.position())) : -1;
  }

  int u8() throws IOException {
    require(1);
    return Byte.toUnsignedInt(buffer.get());
  }

  int u16() throws IOException {
    require(2);
    return Short.toUnsignedInt(buffer.getShort());
  }

  long u32() throws IOException {
    require(4);
    return Integer.toUnsignedLong(buffer.getInt());
  }

  long u32BigEndian() throws IOException {
    require(4);
    return Integer.toUnsignedLong(Integer.reverseBytes(buffer.getInt()));
  }

  void readFully(byte[] target, int offset, int count) throws IOException {
    if (readNBytes(target, offset, count) < count) {
      throw endsTooSoon();
    }
  }

  /// Reads `count` bytes into `kept`, or into a larger array if it is too small. The array grows as
  /// bytes come, so that a claim alone costs no memory.
  ///
  /// @return the array
  byte[] readFullyGrowing(byte[] kept, int count) throws IOException {
    byte[] bytes = kept;
    int done = 0;
    while (done < count) {
      if (bytes.length < count && done == bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(count, Math.max(BUFFER_BYTES, 2 * done)));
      }
      int next = Math.min(count, bytes.length) - done;
      readFully(bytes, done, next);
      done += next;
    }
    return bytes;
  }

  void skipFully(long count) throws IOException {
    long left = count;
    while (left > 0) {
      require(1);
      int skipped = (int) Math.min(left, buffer.remaining());
      buffer.position(buffer.position() + skipped);
      left -= skipped;
    }
  }

  /// Whether four zeros, or fewer before the end, come next.
  boolean isOnlyPaddingNext() throws IOException {
    fill(4);
    for (int index = 0; index < Math.min(4, buffer.remaining()); index++) {
      if (buffer.get(buffer.position() + index) != 0) {
        return false;
      }
    }
    return true;
  }

  /// Consumes the rest, which must be zeros.
  void requireOnlyPadding() throws IOException {
    skipZeros();
    if (!atEnd()) {
      throw FormatException.malformed(
          offsetBytes(), "expected the end or padding, found something else");
    }
  }

  /// Consumes zeros up to something else or the end, and says how many there were.
  long skipZeros() throws IOException {
    long start = offsetBytes();
    while (peek() == 0) {
      buffer.get();
    }
    return offsetBytes() - start;
  }

  FormatException endsTooSoon() {
    return FormatException.malformed(bufferEndOffset, "ends too soon");
  }

  @Override
  public int read() throws IOException {
    return fill(1) ? Byte.toUnsignedInt(buffer.get()) : -1;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (!fill(1)) {
      return -1;
    }
    int copied = Math.min(count, buffer.remaining());
    buffer.get(target, offset, copied);
    return copied;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  private void require(int count) throws IOException {
    if (!fill(count)) {
      throw endsTooSoon();
    }
  }

  /// Whether there are `count` bytes, read now if need be.
  private boolean fill(int count) throws IOException {
    while (buffer.remaining() < count && !sourceEnded) {
      refill();
    }
    return buffer.remaining() >= count;
  }

  private void refill() throws IOException {
    buffer.compact();
    try {
      int count = source.read(buffer.array(), buffer.position(), buffer.remaining());
      sourceEnded = count < 0;
      bufferEndOffset += Math.max(count, 0);
      buffer.position(buffer.position() + Math.max(count, 0));
    } catch (IOException thrown) {
      failure = thrown;
      throw thrown;
    } finally {
      buffer.flip();
    }
  }
}
