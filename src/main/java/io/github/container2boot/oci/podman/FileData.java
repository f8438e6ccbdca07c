package io.github.container2boot.oci.podman;

import io.github.container2boot.bytes.BulkInputStream;
import io.github.container2boot.bytes.ByteString;
import java.io.IOException;

/// The data of a file whose size is known: so many bytes, or an exception.
final class FileData extends BulkInputStream {
  private final ByteString path;
  private final long sizeBytes;
  private final Piece pieces;
  private long position;

  /// Reads the next piece of a file.
  @FunctionalInterface
  interface Piece {
    /// Puts some of it into `target`.
    ///
    /// @param position of the first byte in the file
    /// @return how many bytes have come; none, or less, at the end of the file
    int read(long position, byte[] target, int offset, int count) throws IOException;
  }

  FileData(ByteString path, long sizeBytes, Piece pieces) {
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.pieces = pieces;
  }

  @Override
  protected int readSome(byte[] target, int offset, int count) throws IOException {
    if (position == sizeBytes) {
      return -1;
    }
    int wanted = (int) Math.min(count, sizeBytes - position);
    int read = pieces.read(position, target, offset, wanted);
    if (read <= 0) {
      throw LayerFiles.changed(path, sizeBytes, "only %d".formatted(position));
    }
    position += read;
    return read;
  }
}
