package io.github.container2boot.oci.registry;

import io.github.container2boot.bytes.BulkInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The bytes of an answer as they come from the wire.
///
/// The JDK's own stream waits for ever; this one gives up on a server that stalls. One thread reads
/// it, any may close it, which ends that read. A failure is thrown after all bytes that came
/// before.
final class Body extends BulkInputStream implements HttpResponse.BodySubscriber<Body> {
  /// How many pieces, of up to 128 KiB as the JDK reads them, are under way to the reader.
  private static final int AHEAD = 16;

  private static final int DISCARD_BYTES = 1 << 16;

  private final Patience patience;
  private final BlockingQueue<Piece> arrived = new LinkedBlockingQueue<>();
  private final ArrayDeque<ByteBuffer> current = new ArrayDeque<>();
  private final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
  private long waitedNanos;
  private long arrivedBytes;
  private boolean ended;

  Body(Patience patience) {
    this.patience = patience;
  }

  private sealed interface Piece {}

  private record Bytes(List<ByteBuffer> buffers) implements Piece {}

  private record End(@Nullable Throwable failure) implements Piece {
    void throwFailure() throws IOException {
      if (failure != null) {
        throw failure instanceof IOException problem ? problem : new IOException(failure);
      }
    }
  }

  /// Too few bytes came in too long a time.
  static final class StalledException extends IOException {
    StalledException(Patience patience) {
      super(
          "fewer than %d bytes in %s s"
              .formatted(patience.leastBytes(), patience.stall().toMillis() / 1000.0));
    }
  }

  @Override
  public CompletionStage<Body> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    if (subscribed.complete(subscription)) {
      subscription.request(AHEAD);
    } else {
      subscription.cancel();
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    arrived.add(new Bytes(buffers));
  }

  @Override
  public void onError(Throwable failure) {
    arrived.add(new End(failure));
  }

  @Override
  public void onComplete() {
    arrived.add(new End(null));
  }

  /// The exchange has failed. If that was before any byte came, nobody else would say so.
  void failed(Throwable failure) {
    if (!subscribed.isDone()) {
      onError(failure);
    }
  }

  @Override
  protected int readSome(byte[] target, int offset, int count) throws IOException {
    if (!advance()) {
      return -1;
    }
    ByteBuffer buffer = current.element();
    int copied = Math.min(count, buffer.remaining());
    buffer.get(target, offset, copied);
    return copied;
  }

  /// Makes the first buffer one with something in it; false at the end.
  private boolean advance() throws IOException {
    while (true) {
      while (!current.isEmpty() && !current.element().hasRemaining()) {
        current.remove();
      }
      if (!current.isEmpty() || ended) {
        return !current.isEmpty();
      }
      take(await());
    }
  }

  private void take(Piece piece) throws IOException {
    switch (piece) {
      case Bytes(List<ByteBuffer> buffers) -> {
        current.addAll(buffers);
        buffers.forEach(this::count);
        subscribed.join().request(1);
      }
      case End end -> {
        ended = true;
        end.throwFailure();
      }
    }
  }

  private void count(ByteBuffer buffer) {
    arrivedBytes += buffer.remaining();
    if (arrivedBytes >= patience.leastBytes()) {
      arrivedBytes = 0;
      waitedNanos = 0;
    }
  }

  /// Only the time in here is the server's.
  private Piece await() throws IOException {
    long began = System.nanoTime();
    try {
      long leftNanos = patience.stall().toNanos() - waitedNanos;
      Piece piece = arrived.poll(leftNanos, TimeUnit.NANOSECONDS);
      if (piece == null) {
        throw new StalledException(patience);
      }
      return piece;
    } catch (InterruptedException interruption) {
      throw Cancellation.interrupted(interruption);
    } finally {
      waitedNanos += System.nanoTime() - began;
    }
  }

  /// Reads what nobody wants, if it is short, so that the connection can be used again.
  void discard() {
    try (this) {
      readNBytes(DISCARD_BYTES);
    } catch (IOException _) {
      // Nobody wants it.
    }
  }

  @Override
  public void close() {
    if (!subscribed.cancel(false) && !subscribed.isCancelled()) {
      subscribed.join().cancel();
    }
    arrived.add(new End(new IOException("closed")));
  }
}
