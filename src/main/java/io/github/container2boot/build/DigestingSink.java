package io.github.container2boot.build;

import io.github.container2boot.bytes.Content;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/// Writes a new file from its beginning to its end and computes its SHA-256 on the way.
///
/// Holes are left out. File regions are copied by the kernel, so that file systems which can share
/// blocks do; the digest then has to read the region by itself, which happens at the same time on
/// the [DigestThread] and, the copy having just brought the region to memory, costs no disk access.
final class DigestingSink implements Content.Sink, Closeable {
  /// Small enough for a lively display and for the digest to find the bytes in the page cache.
  private static final long COPY_BYTES = 4 << 20;

  private final RandomAccessFile file;
  private final FileChannel channel;
  private final Path target;
  private final long sizeBytes;
  private final LongConsumer meter;
  private final DigestThread digest = new DigestThread();
  private long position;

  private DigestingSink(RandomAccessFile file, Path target, long sizeBytes, LongConsumer meter) {
    this.file = file;
    this.channel = file.getChannel();
    this.target = target;
    this.sizeBytes = sizeBytes;
    this.meter = meter;
  }

  /// Creates the file `path`, which must not exist, for `sizeBytes` bytes.
  ///
  /// @param target what errors call it
  /// @param meter is told of bytes as they are written
  static DigestingSink create(Path path, Path target, long sizeBytes, LongConsumer meter)
      throws IOException {
    Files.createFile(path);
    return new DigestingSink(new RandomAccessFile(path.toFile(), "rw"), target, sizeBytes, meter);
  }

  @Override
  public void data(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    digest.data(bytes);
    write(() -> writeFully(bytes.duplicate()));
    done(count);
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    long offset = position;
    while (bytes.hasRemaining()) {
      offset += channel.write(bytes, offset);
    }
  }

  @Override
  public void hole(long countBytes) throws IOException {
    for (long left = countBytes; left > 0; left -= COPY_BYTES) {
      long count = Math.min(COPY_BYTES, left);
      digest.hole(count);
      done(count);
    }
  }

  @Override
  public void region(FileChannel source, long offsetBytes, long countBytes) throws IOException {
    long end = offsetBytes + countBytes;
    for (long offset = offsetBytes; offset < end; offset += COPY_BYTES) {
      long from = offset;
      long count = Math.min(COPY_BYTES, end - offset);
      write(() -> copy(source, from, count));
      digest.region(source, from, count);
      done(count);
    }
  }

  private void copy(FileChannel source, long offsetBytes, long countBytes) throws IOException {
    channel.position(position);
    long end = offsetBytes + countBytes;
    for (long offset = offsetBytes; offset < end; ) {
      long count = source.transferTo(offset, end - offset, channel);
      if (count <= 0) {
        throw new EOFException(
            "the file to copy from ends too soon: expected %d more bytes at byte %d"
                .formatted(end - offset, offset));
      }
      offset += count;
    }
  }

  /// Gives the file its size, waits for its digest and brings it to the disk.
  ///
  /// @return the SHA-256 in hexadecimal digits
  String complete() throws IOException {
    write(() -> {
      file.setLength(position);
      channel.force(true);
    });
    return HexFormat.of().formatHex(digest.complete());
  }

  @Override
  public void close() throws IOException {
    try (file) {
      digest.close();
    }
  }

  private void done(long countBytes) {
    position += countBytes;
    meter.accept(countBytes);
  }

  /// What fails in here is the target's fault, what fails in reading a Content is not.
  private void write(Write write) throws IOException {
    try {
      write.run();
    } catch (IOException failed) {
      throw WriteProblems.explained(target, sizeBytes, position, failed);
    }
  }

  private interface Write {
    void run() throws IOException;
  }
}
