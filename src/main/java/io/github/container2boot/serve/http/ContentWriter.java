package io.github.container2boot.serve.http;

import io.github.container2boot.bytes.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/// Sends a Content piece by piece, each when the one before is gone, and without a thread
/// meanwhile.
final class ContentWriter extends IteratingCallback {
  private final Content content;
  private final Response response;
  private final RetainableByteBuffer buffer;
  private final int pieceBytes;
  private final LongConsumer meter;
  private final Callback callback;
  private long position;
  private int pending;

  /// @param meter is told of bytes that were sent
  /// @param callback is told how it ended
  ContentWriter(
      Content content,
      Response response,
      ByteBufferPool buffers,
      int pieceBytes,
      LongConsumer meter,
      Callback callback) {
    this.content = content;
    this.response = response;
    this.pieceBytes = (int) Math.min(pieceBytes, content.sizeBytes());
    this.buffer = buffers.acquire(this.pieceBytes, true);
    this.meter = meter;
    this.callback = callback;
  }

  @Override
  protected Action process() throws IOException {
    if (position == content.sizeBytes()) {
      return Action.SUCCEEDED;
    }
    pending = (int) Math.min(pieceBytes, content.sizeBytes() - position);
    ByteBuffer piece = buffer.getByteBuffer();
    piece.clear().limit(pending);
    content.read(position, piece);
    position += pending;
    response.write(position == content.sizeBytes(), piece.flip(), this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onSuccess() {
    meter.accept(pending);
  }

  @Override
  protected void onCompleteSuccess() {
    buffer.release();
    callback.succeeded();
  }

  @Override
  protected void onCompleteFailure(Throwable failed) {
    buffer.release();
    callback.failed(failed);
  }
}
