package io.github.container2boot.build;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Computes a SHA-256 beside the thread that writes the same bytes.
///
/// The pieces wait in a short queue, so that the digest is never far behind and memory stays
/// bounded whatever the file's size.
final class DigestThread implements Closeable {
  /// The largest piece worth handing over at once; data of this size is copied.
  static final int PIECE_BYTES = 1 << 18;

  private static final int QUEUE_PIECES = 16;

  /// How many blocks of 64 bytes keep a digest busy until its compiler, which works beside it, has
  /// finished: a tenth of a second at most.
  private static final int WARM_UP_BLOCKS = 200_000;

  private static final AtomicBoolean WARM = new AtomicBoolean();

  private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(QUEUE_PIECES);
  private final FutureTask<byte[]> digest = new FutureTask<>(this::digestPieces);
  private final Thread thread = Thread.ofPlatform().daemon().name("digest").start(digest);
  private volatile boolean closed;

  /// Has SHA-256 compiled, beside whatever else is done before there is something to write. Until
  /// then it takes thirty times as long as with the processor's own instructions, and the first
  /// megabytes of a file would take longer than all others.
  static void warmUp() {
    if (WARM.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("digest warm-up").start(DigestThread::digestBlocks);
    }
  }

  private static void digestBlocks() {
    MessageDigest sha256 = newSha256();
    byte[] block = new byte[64];
    for (int count = 0; count < WARM_UP_BLOCKS; count++) {
      sha256.update(block);
    }
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  private sealed interface Piece {
    record Data(ByteBuffer bytes) implements Piece {}

    record Hole(long countBytes) implements Piece {}

    record Region(FileChannel file, long offsetBytes, long countBytes) implements Piece {}

    record End() implements Piece {}
  }

  void data(ByteBuffer bytes) throws IOException {
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      byte[] piece = new byte[Math.min(PIECE_BYTES, rest.remaining())];
      rest.get(piece);
      put(new Piece.Data(ByteBuffer.wrap(piece)));
    }
  }

  void hole(long countBytes) throws IOException {
    put(new Piece.Hole(countBytes));
  }

  void region(FileChannel file, long offsetBytes, long countBytes) throws IOException {
    put(new Piece.Region(file, offsetBytes, countBytes));
  }

  /// The digest of all pieces, once the last of them is in.
  byte[] complete() throws IOException {
    put(new Piece.End());
    return result();
  }

  /// Stops early. Waits until no file is being read any more, as its owner may close it next.
  @Override
  public void close() throws IOException {
    closed = true;
    pieces.clear();
    pieces.add(new Piece.End());
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private void put(Piece piece) throws IOException {
    try {
      while (!pieces.offer(piece, 100, TimeUnit.MILLISECONDS)) {
        if (digest.isDone()) {
          result();
        }
      }
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private byte[] result() throws IOException {
    try {
      return digest.get();
    } catch (ExecutionException | CancellationException failed) {
      if (failed.getCause() instanceof IOException problem) {
        throw problem;
      }
      throw new IllegalStateException("the digest was not computed", failed);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private static InterruptedIOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException exception = new InterruptedIOException("interrupted");
    exception.initCause(cause);
    return exception;
  }

  private byte[] digestPieces() throws IOException, InterruptedException {
    MessageDigest sha256 = newSha256();
    ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
    while (true) {
      switch (pieces.take()) {
        case Piece.Data data -> sha256.update(data.bytes());
        case Piece.Hole hole -> updateZeros(sha256, hole.countBytes());
        case Piece.Region region -> updateRegion(sha256, region, buffer);
        case Piece.End _ -> {
          return sha256.digest();
        }
      }
    }
  }

  private void updateZeros(MessageDigest sha256, long countBytes) {
    byte[] zeros = new byte[PIECE_BYTES];
    for (long left = countBytes; left > 0 && !closed; left -= zeros.length) {
      sha256.update(zeros, 0, (int) Math.min(left, zeros.length));
    }
  }

  private void updateRegion(MessageDigest sha256, Piece.Region region, ByteBuffer buffer)
      throws IOException {
    long end = region.offsetBytes() + region.countBytes();
    for (long offset = region.offsetBytes(); offset < end && !closed; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - offset));
      int count = region.file().read(buffer, offset);
      if (count < 0) {
        throw new EOFException("file ends too soon at byte " + offset);
      }
      sha256.update(buffer.flip());
      offset += count;
    }
  }
}
