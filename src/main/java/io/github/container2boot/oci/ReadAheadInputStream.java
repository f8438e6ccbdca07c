package io.github.container2boot.oci;

import io.github.container2boot.bytes.BulkInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Reads a stream on a thread of its own, a little ahead of whoever reads this one, so that
/// decompressing a layer and looking at what is in it overlap.
///
/// What the source throws is thrown here, after all bytes that came before. The thread begins with
/// the first read, and has ended when [#close] returns; nothing interrupts it, for that would close
/// the file which other layers are read from. What waits for a network is ended by closing what is
/// beneath.
public final class ReadAheadInputStream extends BulkInputStream {
  private static final int PIECE_BYTES = 1 << 18;
  private static final int PIECES = 4;

  private final InputStream source;
  private final Closeable beneath;
  private final Deque<Piece> free = new ArrayDeque<>();
  private final Deque<Piece> filled = new ArrayDeque<>();
  private @Nullable Thread thread;
  private @Nullable Piece current;
  private @Nullable Throwable failure;
  private boolean ended;
  private boolean closed;

  /// Reads `source`, which is closed together with this.
  public ReadAheadInputStream(InputStream source) {
    this(source, () -> {});
  }

  /// @param beneath what `source` reads from in the end; closing it ends a read on another thread,
  ///   if that could else take long
  ReadAheadInputStream(InputStream source, Closeable beneath) {
    this.source = source;
    this.beneath = beneath;
  }

  private static final class Piece {
    private final byte[] bytes = new byte[PIECE_BYTES];
    private int position;
    private int end;

    int read(byte[] target, int offset, int count) {
      int copied = Math.min(count, end - position);
      System.arraycopy(bytes, position, target, offset, copied);
      position += copied;
      return copied;
    }
  }

  @Override
  protected int readSome(byte[] target, int offset, int count) throws IOException {
    Piece piece = piece();
    return piece == null ? -1 : piece.read(target, offset, count);
  }

  /// A piece with something in it, or null at the end.
  private @Nullable Piece piece() throws IOException {
    if (current != null && current.position < current.end) {
      return current;
    }
    if (thread == null) {
      start();
    }
    Piece used = current;
    current = null;
    current = next(used);
    return current;
  }

  private void start() {
    for (int index = 0; index < PIECES; index++) {
      free.add(new Piece());
    }
    thread = Thread.ofPlatform().daemon().name("layer-reader").start(this::readAhead);
  }

  private synchronized @Nullable Piece next(@Nullable Piece used) throws IOException {
    if (used != null) {
      free.add(used);
      notifyAll();
    }
    try {
      while (filled.isEmpty() && !ended) {
        wait();
      }
    } catch (InterruptedException interruption) {
      throw OtherThread.stopped(interruption);
    }
    if (filled.isEmpty()) {
      OtherThread.throwFailure(failure);
    }
    return filled.poll();
  }

  private void readAhead() {
    Throwable thrown = null;
    try {
      for (Piece room = room(); room != null && fill(room); ) {
        room = room();
      }
    } catch (IOException | RuntimeException | Error problem) {
      thrown = problem;
    }
    end(thrown);
  }

  /// A piece to fill, or null once nobody wants it.
  private synchronized @Nullable Piece room() {
    while (free.isEmpty() && !closed) {
      try {
        wait();
      } catch (InterruptedException nobodyDoes) {
        return null;
      }
    }
    return closed ? null : free.poll();
  }

  /// False at the end of the source. What has come before a failure is kept.
  private boolean fill(Piece room) throws IOException {
    room.position = 0;
    room.end = 0;
    try {
      while (room.end < PIECE_BYTES) {
        int count = source.read(room.bytes, room.end, PIECE_BYTES - room.end);
        if (count < 0) {
          return false;
        }
        room.end += count;
      }
      return true;
    } finally {
      handOver(room);
    }
  }

  private synchronized void handOver(Piece room) {
    if (room.end > 0) {
      filled.add(room);
      notifyAll();
    }
  }

  private synchronized void end(@Nullable Throwable thrown) {
    failure = thrown;
    ended = true;
    notifyAll();
  }

  @Override
  public void close() throws IOException {
    beneath.close();
    stop();
    source.close();
  }

  private void stop() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    if (thread != null) {
      OtherThread.awaitEnd(thread);
    }
  }
}
