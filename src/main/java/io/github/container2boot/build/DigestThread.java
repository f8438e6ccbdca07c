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

/// Computes a SHA-256 beside the thread that writes the same bytes.
///
/// The pieces wait in a short queue, so that the digest is never far behind and memory stays
/// bounded whatever the file's size.
final class DigestThread implements Closeable {
  /// The largest piece worth handing over at once; data of this size is copied.
  static final int PIECE_BYTES = 1 << 18;

  private static final int QUEUE_PIECES = 16;

  private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(QUEUE_PIECES);
  private final FutureTask<byte[]> digest = new FutureTask<>(this::digestPieces);
  private final Thread thread = Thread.ofPlatform().daemon().name("digest").start(digest);
  private volatile boolean closed;

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

  private byte[] digestPieces() throws IOException, InterruptedException, NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
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
