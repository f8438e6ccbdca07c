package io.github.container2boot.oci.podman;

import io.github.container2boot.bytes.FormatException;
import java.io.BufferedInputStream;
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
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private TarSplitReader(InputStream lines) {
    this.lines = lines;
  }

  /// @param compressed closed together with the reader
  static TarSplitReader open(InputStream compressed) throws IOException {
    try {
      return new TarSplitReader(
          new BufferedInputStream(new GZIPInputStream(compressed, BUFFER_BYTES), BUFFER_BYTES));
    } catch (ZipException problem) {
      throw damaged(problem);
    }
  }

  /// The next entry, or null at the end.
  @Nullable TarSplitEntry next() throws IOException {
    line.reset();
    try {
      int value = lines.read();
      while (value == '\n') {
        value = lines.read();
      }
      for (; value >= 0 && value != '\n'; value = lines.read()) {
        add(value);
      }
    } catch (ZipException problem) {
      throw damaged(problem);
    }
    return line.size() == 0 ? null : TarSplitEntry.read(line.toByteArray());
  }

  private void add(int value) throws FormatException {
    if (line.size() == MAX_LINE_BYTES) {
      throw FormatException.unsupported(
          "tar-split: expected lines of at most %d bytes".formatted(MAX_LINE_BYTES));
    }
    line.write(value);
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
