package io.github.container2boot.oci.registry;

import io.github.container2boot.bytes.BulkInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A blob from the wire. Where a connection breaks, the next one goes on at that byte (RFC 9110,
/// 14.2), and where a registry fails altogether, the next registry.
///
/// One thread reads it, any may close it, which ends that read. It never gives more bytes than it
/// should; whether these are the right ones is the reader's to check.
final class BlobInputStream extends BulkInputStream {
  private final Iterator<Repository> repositories;
  private final String path;
  private final Map<String, String> headers;
  private final long sizeBytes;
  private final Patience patience;
  private final Consumer<String> notes;
  private final Consumer<BlobInputStream> closed;
  private final Cancellation cancellation = new Cancellation();
  private Repository repository;
  private Attempts attempts;
  private volatile @Nullable Answer answer;
  private long position;

  /// @param repositories where it can be had, the best first
  /// @param path below each of them
  /// @param headers of the requests
  /// @param closed is told when this is closed
  BlobInputStream(
      List<Repository> repositories,
      String path,
      Map<String, String> headers,
      long sizeBytes,
      Patience patience,
      Consumer<String> notes,
      Consumer<BlobInputStream> closed) {
    this.repositories = repositories.iterator();
    this.path = path;
    this.headers = headers;
    this.sizeBytes = sizeBytes;
    this.patience = patience;
    this.notes = notes;
    this.closed = closed;
    this.repository = this.repositories.next();
    this.attempts = new Attempts(patience, notes);
  }

  @Override
  protected int readSome(byte[] target, int offset, int count) throws IOException {
    while (position < sizeBytes) {
      try {
        return readOnce(target, offset, (int) Math.min(count, sizeBytes - position));
      } catch (PassingException | RegistryException problem) {
        recover(problem);
      }
    }
    return -1;
  }

  /// Returns when it may be tried again, somewhere.
  private void recover(IOException problem) throws IOException {
    drop();
    cancellation.check();
    try {
      if (!(problem instanceof PassingException passing)) {
        throw problem;
      }
      attempts.failed(passing, cancellation);
    } catch (RegistryException lasting) {
      if (!repositories.hasNext()) {
        throw lasting;
      }
      repository = repositories.next();
      attempts = new Attempts(patience, notes);
      notes.accept("%s; going on at %s".formatted(lasting.getMessage(), repository.host()));
    }
  }

  private int readOnce(byte[] target, int offset, int count) throws IOException {
    Answer open = open();
    int read = read(open, target, offset, count);
    if (read < 0) {
      throw new PassingException(
          open.host(),
          "the answer ended after %d of %d bytes".formatted(position, sizeBytes),
          null);
    }
    position += read;
    attempts.progressed(read);
    if (position == sizeBytes) {
      requireEnd(open);
    }
    return read;
  }

  private static int read(Answer answer, byte[] target, int offset, int count) throws IOException {
    try {
      return answer.body().read(target, offset, count);
    } catch (IOException problem) {
      throw Repository.broken(answer, problem);
    }
  }

  /// A connection that breaks only now is no matter.
  private void requireEnd(Answer open) throws IOException {
    int more = -1;
    try {
      more = read(open, new byte[1], 0, 1);
    } catch (PassingException _) {
      // All bytes are there.
    }
    drop();
    if (more >= 0) {
      throw open.bad(sizeBytes + " bytes", "more");
    }
  }

  private Answer open() throws IOException {
    Answer open = answer;
    if (open == null) {
      open = repository.get(path, headersFromHere(), cancellation);
      answer = open;
      requireRest(open);
    }
    cancellation.check();
    return open;
  }

  private Map<String, String> headersFromHere() {
    Map<String, String> all = new HashMap<>(headers);
    if (position > 0) {
      all.put("Range", "bytes=%d-".formatted(position));
    }
    return all;
  }

  /// Makes the answer go on at this position.
  private void requireRest(Answer open) throws IOException {
    if (position > 0 && open.status() == 206) {
      open.requireRange(position, sizeBytes);
      open.requireLength(sizeBytes - position);
      return;
    }
    if (open.status() != 200) {
      throw open.bad("the whole of " + path, "a part");
    }
    open.requireLength(sizeBytes);
    if (position > 0) {
      notes.accept(
          "%s knows no ranges: %d bytes are fetched again".formatted(open.host(), position));
      skip(open);
    }
  }

  private void skip(Answer open) throws IOException {
    byte[] dropped = new byte[1 << 14];
    for (long left = position; left > 0; ) {
      int read = read(open, dropped, 0, (int) Math.min(left, dropped.length));
      if (read < 0) {
        throw new PassingException(open.host(), "the answer ended too soon", null);
      }
      left -= read;
    }
  }

  private void drop() {
    Answer open = answer;
    answer = null;
    if (open != null) {
      open.close();
    }
  }

  /// Reads all of it.
  byte[] readWhole() throws IOException {
    try (this) {
      byte[] whole = readNBytes(Math.toIntExact(sizeBytes));
      if (whole.length != sizeBytes) {
        throw new InterruptedIOException("closed");
      }
      return whole;
    }
  }

  @Override
  public void close() {
    cancellation.cancel();
    Answer open = answer;
    if (open != null) {
      open.close();
    }
    closed.accept(this);
  }
}
