package io.github.container2boot.oci.podman;

import io.github.container2boot.bytes.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads `<id>.tar-split.gz`, line by line. Not for several threads.
final class TarSplitReader implements Closeable {
  /// A header with its extended headers takes a few KiB.
  private static final int MAX_LINE_BYTES = 4 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream lines;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int position;
  private int end;

  private TarSplitReader(InputStream lines) {
    this.lines = lines;
  }

  /// @param compressed closed together with the reader
  static TarSplitReader open(InputStream compressed) throws IOException {
    try {
      return new TarSplitReader(new GZIPInputStream(compressed, BUFFER_BYTES));
    } catch (ZipException problem) {
      throw damaged(problem);
    }
  }

  /// The next entry, or null at the end.
  @Nullable TarSplitEntry next() throws IOException {
    line.reset();
    boolean ended = false;
    while (!ended && (position < end || fill())) {
      int newline = newline();
      add(newline - position);
      ended = newline < end && line.size() > 0;
      position = Math.min(newline + 1, end);
    }
    return line.size() == 0 ? null : TarSplitEntry.read(line.toByteArray());
  }

  private boolean fill() throws IOException {
    try {
      position = 0;
      end = Math.max(lines.read(buffer, 0, buffer.length), 0);
      return end > 0;
    } catch (ZipException problem) {
      throw damaged(problem);
    }
  }

  /// Where the line ends, or what has been read of it.
  private int newline() {
    int at = position;
    while (at < end && buffer[at] != '\n') {
      at++;
    }
    return at;
  }

  private void add(int count) throws FormatException {
    if (line.size() + count > MAX_LINE_BYTES) {
      throw FormatException.unsupported(
          "tar-split: expected lines of at most %d bytes".formatted(MAX_LINE_BYTES));
    }
    line.write(buffer, position, count);
  }

  private static FormatException damaged(ZipException problem) {
    FormatException damaged =
        FormatException.malformed("tar-split: expected a gzip file: " + problem.getMessage());
    damaged.initCause(problem);
    return damaged;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
