package io.github.container2boot.serve;

import io.github.container2boot.bytes.Content;
import io.github.container2boot.oci.Digest;
import io.github.container2boot.serve.http.EntityTag;
import io.github.container2boot.serve.http.Resource;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;

/// Reads every file once, beside the server: for its digest, and to keep what is compressed in its
/// source - kernel, initrd, boot loaders - in a scratch file, so that two hundred machines do not
/// decompress it two hundred times.
final class Preparation implements Closeable {
  private static final int PIECE_BYTES = 1 << 18;

  private final List<ServedFile> files;
  private final FileChannel scratch;
  private final Thread thread = Thread.ofPlatform().daemon().name("digests").unstarted(this::run);
  private volatile boolean closed;

  private Preparation(List<ServedFile> files, FileChannel scratch) {
    this.files = List.copyOf(files);
    this.scratch = scratch;
  }

  /// Begins with the first of `files`.
  ///
  /// @param scratch a directory with room for those that are kept
  static Preparation start(List<ServedFile> files, Path scratch) throws IOException {
    Preparation preparation =
        new Preparation(
            files,
            FileChannel.open(
                scratch.resolve("boot-files"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE));
    preparation.thread.start();
    return preparation;
  }

  private void run() {
    for (ServedFile file : files) {
      try {
        file.body().complete(prepared(file));
      } catch (IOException | RuntimeException failed) {
        file.body().completeExceptionally(failed);
      }
    }
  }

  private Resource.Body prepared(ServedFile file) throws IOException {
    MessageDigest digest = Digest.Algorithm.SHA256.newMessageDigest();
    Content content = file.content();
    long start = scratch.size();
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
    for (long position = 0; position < content.sizeBytes(); position += piece.limit()) {
      if (closed) {
        throw new InterruptedIOException("the server is closed");
      }
      piece.clear().limit((int) Math.min(PIECE_BYTES, content.sizeBytes() - position));
      content.read(position, piece);
      digest.update(piece.flip());
      if (file.keep()) {
        write(piece.rewind(), start + position);
      }
    }
    Content served = file.keep() ? Content.ofFile(scratch, start, content.sizeBytes()) : content;
    return new Resource.Body(served, new EntityTag(Digest.of(Digest.Algorithm.SHA256, digest)));
  }

  private void write(ByteBuffer piece, long position) throws IOException {
    long at = position;
    while (piece.hasRemaining()) {
      at += scratch.write(piece, at);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("stopped").initCause(interrupted);
    } finally {
      scratch.close();
    }
  }
}
