package io.github.container2boot.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Zstandard frames, RFC 8878, by libzstd's streaming mode through direct buffers.
final class ZstdDecoder implements Decoder {
  private static final int LARGEST_WINDOW_LOG2 =
      Long.numberOfTrailingZeros(StreamFormat.LARGEST_WINDOW_BYTES);
  private static final int BUFFER_BYTES = 1 << 17;

  private final CompressedInput input;
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final ByteBuffer compressed = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private final ByteBuffer decoded = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private boolean inFrame;
  private boolean sawFrame;

  ZstdDecoder(CompressedInput input) {
    this.input = input;
    context.setLongMax(LARGEST_WINDOW_LOG2);
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    while (!decoded.hasRemaining()) {
      if (!inFrame && !beginFrame()) {
        return -1;
      }
      decode();
    }
    int copied = Math.min(count, decoded.remaining());
    decoded.get(target, offset, copied);
    return copied;
  }

  /// False at the end of the input.
  private boolean beginFrame() throws IOException {
    refill();
    boolean end = !compressed.hasRemaining() || compressed.get(compressed.position()) == 0;
    if (sawFrame && end) {
      requireOnlyPadding();
      return false;
    }
    sawFrame = true;
    inFrame = true;
    return true;
  }

  private void requireOnlyPadding() throws IOException {
    long start = offsetBytes();
    while (compressed.hasRemaining()) {
      if (compressed.get() != 0) {
        throw FormatException.malformed(start, "expected the end or padding after the last frame");
      }
    }
    input.requireOnlyPadding();
  }

  private void decode() throws IOException {
    refill();
    boolean starved = !compressed.hasRemaining();
    decoded.clear();
    try {
      inFrame = !context.decompressDirectByteBufferStream(decoded, compressed);
    } catch (ZstdException failure) {
      throw translate(failure);
    } finally {
      decoded.flip();
    }
    if (starved && inFrame && !decoded.hasRemaining()) {
      throw input.endsTooSoon();
    }
  }

  /// The streaming calls of zstd-jni report their error codes negated.
  private FormatException translate(ZstdException failure) {
    return Math.abs(failure.getErrorCode()) == Zstd.errFrameParameterWindowTooLarge()
        ? FormatException.unsupported(
            offsetBytes(),
            "window is too large: expected at most %d MiB"
                .formatted(StreamFormat.LARGEST_WINDOW_BYTES >> 20))
        : FormatException.malformed(offsetBytes(), "corrupt: " + Failures.describe(failure));
  }

  private void refill() throws IOException {
    if (compressed.hasRemaining()) {
      return;
    }
    ByteBuffer available = input.buffered();
    compressed.clear();
    compressed.put(available).flip();
  }

  private long offsetBytes() {
    return input.offsetBytes() - compressed.remaining();
  }

  @Override
  public void close() {
    context.close();
  }
}
