package io.github.container2boot.oci.engine;

import io.github.container2boot.bytes.BulkInputStream;
import io.github.container2boot.bytes.Content;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.oci.ArchiveLayer;
import io.github.container2boot.oci.Archives;
import io.github.container2boot.oci.Closing;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.oci.FilesLayer;
import io.github.container2boot.oci.Image;
import io.github.container2boot.oci.OtherThread;
import io.github.container2boot.oci.Request;
import io.github.container2boot.oci.ScratchFile;
import io.github.container2boot.oci.SourceException;
import io.github.container2boot.tar.TarEntry;
import io.github.container2boot.tar.TarReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An image's archive on its way from an engine into a scratch file without a name.
///
/// Layers are read while the archive comes, several at once and in any order: who is ahead of it
/// waits. Most engines name the files of layers by their digests; where one does not, its layers
/// are known once the whole archive is there.
final class Export implements Closeable {
  /// Engines gather the archive before they send it.
  private static final Duration MAX_SILENCE = Duration.ofMinutes(10);

  private static final int PIECE_BYTES = 1 << 18;

  private final String engine;
  private final InputStream source;
  private final List<Digest> diffIds;
  private final Request request;
  private final FileChannel file;
  private final Thread thread;
  private final Map<String, Extent> layers = new HashMap<>();
  private long writtenBytes;
  private boolean ended;
  private @Nullable Throwable failure;
  private @Nullable Image whole;

  private Export(
      String engine, InputStream source, List<Digest> diffIds, Request request, FileChannel file) {
    this.engine = engine;
    this.source = source;
    this.diffIds = diffIds;
    this.request = request;
    this.file = file;
    this.thread = Thread.ofPlatform().daemon().name("export").unstarted(this::copy);
  }

  /// Where a layer lies in the archive.
  private record Extent(long offsetBytes, long sizeBytes) {}

  /// @param source the archive; closed together with the export
  static Export begin(String engine, InputStream source, List<Digest> diffIds, Request request)
      throws IOException {
    return Closing.onFailure(
        source,
        () -> {
          FileChannel file = ScratchFile.create(request.scratchDirectory());
          Export export = new Export(engine, source, diffIds, request, file);
          export.thread.start();
          return export;
        });
  }

  private void copy() {
    Throwable thrown = null;
    try {
      Copying copying = new Copying();
      TarReader entries = new TarReader(copying);
      for (TarEntry entry = entries.next(); entry != null; entry = entries.next()) {
        if (entry.type() == TarEntry.Type.FILE && !entry.sparse()) {
          found(entry);
        }
      }
      copying.skip(Long.MAX_VALUE);
    } catch (IOException | RuntimeException | Error problem) {
      thrown = problem;
    }
    end(thrown);
  }

  private synchronized void found(TarEntry entry) {
    for (Digest diffId : diffIds) {
      String path = entry.path().toString();
      if (path.equals(diffId.hex() + ".tar") || path.equals("blobs/sha256/" + diffId.hex())) {
        layers.put(diffId.hex(), new Extent(entry.dataOffsetBytes(), entry.sizeBytes()));
        notifyAll();
      }
    }
  }

  private synchronized void end(@Nullable Throwable thrown) {
    failure = thrown;
    ended = true;
    notifyAll();
  }

  /// Reads the engine's archive, and writes all it reads to the file.
  private final class Copying extends BulkInputStream {
    private final byte[] piece = new byte[PIECE_BYTES];

    @Override
    protected int readSome(byte[] target, int offset, int count) throws IOException {
      int read = source.read(target, offset, count);
      if (read > 0) {
        write(ByteBuffer.wrap(target, offset, read));
      }
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = 0;
      while (skipped < count) {
        int read = read(piece, 0, (int) Math.min(PIECE_BYTES, count - skipped));
        if (read < 0) {
          break;
        }
        skipped += read;
      }
      return skipped;
    }

    @Override
    public void close() {}
  }

  private void write(ByteBuffer bytes) throws IOException {
    long position = writtenBytes;
    while (bytes.hasRemaining()) {
      position += file.write(bytes, position);
    }
    synchronized (this) {
      writtenBytes = position;
      notifyAll();
    }
  }

  /// The layer at `index`, counted from the bottom; what has not come yet is waited for.
  InputStream open(int index) throws IOException {
    Optional<Extent> layer = await(diffIds.get(index).hex());
    return layer.isPresent() ? new Following(layer.get()) : openWhole(index);
  }

  private InputStream openWhole(int index) throws IOException {
    return switch (whole().layers().get(index)) {
      case ArchiveLayer archive -> archive.open();
      case FilesLayer _ -> throw new IllegalStateException("an archive has archives");
    };
  }

  private synchronized Optional<Extent> await(String hex) throws IOException {
    while (!layers.containsKey(hex) && !ended) {
      awaitMore();
    }
    requireSuccess();
    return Optional.ofNullable(layers.get(hex));
  }

  /// The image, once the whole archive is there, as any archive is read.
  private synchronized Image whole() throws IOException {
    if (whole == null) {
      Image read =
          new Archives(Archives.Kind.ANY, request)
              .open(Content.ofFile(file, 0, writtenBytes), () -> {});
      if (!read.config().diffIds().equals(diffIds)) {
        throw FormatException.malformed(
            "%s: expected the layers of the image it described, found others in its archive"
                .formatted(engine));
      }
      whole = read;
    }
    return whole;
  }

  private synchronized void awaitMore() throws IOException {
    long before = writtenBytes;
    long deadline = System.nanoTime() + MAX_SILENCE.toNanos();
    try {
      while (writtenBytes == before && !ended) {
        long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (left <= 0) {
          throw new SourceException(
              new SourceException.EngineFailed(
                  engine, "no data for %d minutes".formatted(MAX_SILENCE.toMinutes())));
        }
        wait(left);
      }
    } catch (InterruptedException interruption) {
      throw OtherThread.stopped(interruption);
    }
  }

  private synchronized void requireSuccess() throws IOException {
    OtherThread.throwFailure(failure);
  }

  /// Returns once at least `count` bytes are in the file, or the archive has ended before.
  private synchronized void await(long count) throws IOException {
    while (writtenBytes < count && !ended) {
      awaitMore();
    }
    if (writtenBytes < count) {
      requireSuccess();
      throw FormatException.malformed(writtenBytes, engine + ": the archive ends in a layer");
    }
  }

  /// Reads a layer, never further than the archive has come.
  private final class Following extends BulkInputStream {
    private final Extent layer;
    private long position;

    Following(Extent layer) {
      this.layer = layer;
    }

    @Override
    protected int readSome(byte[] target, int offset, int count) throws IOException {
      int wanted = (int) Math.min(count, layer.sizeBytes - position);
      if (wanted == 0) {
        return -1;
      }
      long offsetBytes = layer.offsetBytes + position;
      await(offsetBytes + wanted);
      Content.ofFile(file, offsetBytes, wanted).read(0, ByteBuffer.wrap(target, offset, wanted));
      position += wanted;
      return wanted;
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      ended = true;
      notifyAll();
    }
    try (file) {
      source.close();
      OtherThread.awaitEnd(thread);
    }
  }
}
