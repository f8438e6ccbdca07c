package io.github.container2boot.serve.http;

import io.github.container2boot.bytes.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/// Sends a Content piece by piece, each when the one before is gone, and without a thread
/// meanwhile. Where it lies in files the kernel sends it; TLS has to have it in memory.
final class ContentWriter extends IteratingCallback {
  private final Content content;
  private final Response response;
  private final ByteBufferPool buffers;
  private final int pieceBytes;
  private final @Nullable FileEndPoint sender;
  private final LongConsumer meter;
  private final Callback callback;
  private RetainableByteBuffer.@Nullable Mutable buffer;
  private long position;
  private int pending;

  /// @param meter is told of bytes that were sent
  /// @param callback is told how it ended
  ContentWriter(
      Content content, Response response, int pieceBytes, LongConsumer meter, Callback callback) {
    this.content = content;
    this.response = response;
    this.buffers = response.getRequest().getComponents().getByteBufferPool();
    this.pieceBytes = (int) Math.min(pieceBytes, content.sizeBytes());
    this.meter = meter;
    this.callback = callback;
    EndPoint client = response.getRequest().getConnectionMetaData().getConnection().getEndPoint();
    this.sender = client instanceof FileEndPoint able ? able : null;
  }

  @Override
  protected Action process() throws IOException {
    if (position == content.sizeBytes()) {
      return Action.SUCCEEDED;
    }
    ByteBuffer next = next((int) Math.min(pieceBytes, content.sizeBytes() - position));
    pending = next.remaining();
    position += pending;
    response.write(position == content.sizeBytes(), next, this);
    return Action.SCHEDULED;
  }

  private ByteBuffer next(int mostBytes) throws IOException {
    if (sender == null) {
      ByteBuffer bytes = emptyBuffer().limit(mostBytes);
      content.read(position, bytes);
      return bytes.flip();
    }
    Piece piece = Piece.of(content, position, mostBytes, this::emptyBuffer);
    FileChannel file = piece.file();
    return file == null
        ? emptied().flip()
        : sender.standFor(file, piece.offsetBytes(), piece.sizeBytes());
  }

  private ByteBuffer emptyBuffer() {
    return emptied().clear();
  }

  private ByteBuffer emptied() {
    if (buffer == null) {
      buffer = buffers.acquire(pieceBytes, true);
    }
    return buffer.getByteBuffer();
  }

  @Override
  protected void onSuccess() {
    if (sender != null && !sender.wasSent()) {
      throw new IllegalStateException("something else was sent than the file");
    }
    meter.accept(pending);
  }

  @Override
  protected void onCompleteSuccess() {
    release();
    callback.succeeded();
  }

  @Override
  protected void onCompleteFailure(Throwable failed) {
    release();
    callback.failed(failed);
  }

  private void release() {
    if (buffer != null) {
      buffer.release();
    }
  }
}
