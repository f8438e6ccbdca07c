package io.github.container2boot.oci.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.container2boot.bytes.BulkInputStream;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.bytes.Shown;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The answer to one request (RFC 9112), after which the connection is closed.
///
/// @param status its code
/// @param body as it was meant: chunks put together
record HttpResponse(int status, InputStream body, Closeable connection) implements Closeable {
  private static final int MAX_LINE_BYTES = 8 << 10;
  private static final int MAX_HEADERS = 200;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})(?: .*)?");
  private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9a-fA-F]{1,15})(?:[ \t]*;.*)?");

  /// @param stream what comes over `connection`
  static HttpResponse read(InputStream stream, Closeable connection) throws IOException {
    InputStream input = new BufferedInputStream(stream, BUFFER_BYTES);
    int status = status(line(input));
    Map<String, String> headers = headers(input);
    while (status < 200) {
      status = status(line(input));
      headers = headers(input);
    }
    return new HttpResponse(status, body(input, headers), connection);
  }

  private static int status(String line) throws FormatException {
    Matcher matcher = STATUS.matcher(line);
    if (!matcher.matches()) {
      throw FormatException.malformed("expected an answer in HTTP/1.1, found " + Shown.text(line));
    }
    return Integer.parseInt(matcher.group(1));
  }

  private static Map<String, String> headers(InputStream input) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(input); !line.isEmpty(); line = line(input)) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() == MAX_HEADERS) {
        throw FormatException.malformed("expected a header, found " + Shown.text(line));
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private static String line(InputStream input) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int value = input.read(); value != '\n'; value = input.read()) {
      if (value < 0) {
        throw new EOFException("the connection was closed in the middle of an answer");
      }
      if (line.length() == MAX_LINE_BYTES) {
        throw FormatException.malformed(
            "expected lines of at most %d bytes in an answer".formatted(MAX_LINE_BYTES));
      }
      line.append(new String(new byte[] {(byte) value}, ISO_8859_1));
    }
    boolean carriageReturn = !line.isEmpty() && line.charAt(line.length() - 1) == '\r';
    return carriageReturn ? line.substring(0, line.length() - 1) : line.toString();
  }

  private static InputStream body(InputStream input, Map<String, String> headers)
      throws FormatException {
    String coding = headers.getOrDefault("transfer-encoding", "");
    if (coding.equalsIgnoreCase("chunked")) {
      return new Chunked(input);
    }
    if (!coding.isEmpty()) {
      throw FormatException.unsupported("transfer coding " + Shown.text(coding));
    }
    String length = headers.get("content-length");
    if (length == null) {
      return input;
    }
    if (!length.matches("[0-9]{1,18}")) {
      throw FormatException.malformed("expected a content length, found " + Shown.text(length));
    }
    return new Limited(input, Long.parseLong(length));
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  /// So many bytes, or an exception.
  private static final class Limited extends BulkInputStream {
    private final InputStream input;
    private long leftBytes;

    Limited(InputStream input, long sizeBytes) {
      this.input = input;
      this.leftBytes = sizeBytes;
    }

    @Override
    protected int readSome(byte[] target, int offset, int count) throws IOException {
      if (leftBytes == 0) {
        return -1;
      }
      int read = input.read(target, offset, (int) Math.min(count, leftBytes));
      if (read < 0) {
        throw new EOFException(
            "the connection was closed %d bytes before the end".formatted(leftBytes));
      }
      leftBytes -= read;
      return read;
    }
  }

  /// Chunks, each with its size before it; one of no size is the last.
  private static final class Chunked extends BulkInputStream {
    private final InputStream input;
    private Limited chunk;
    private boolean first = true;
    private boolean ended;

    Chunked(InputStream input) {
      this.input = input;
      this.chunk = new Limited(input, 0);
    }

    @Override
    protected int readSome(byte[] target, int offset, int count) throws IOException {
      int read = chunk.read(target, offset, count);
      while (read < 0 && !ended) {
        begin();
        read = ended ? -1 : chunk.read(target, offset, count);
      }
      return read;
    }

    private void begin() throws IOException {
      if (!first && !line(input).isEmpty()) {
        throw FormatException.malformed("expected the end of a chunk");
      }
      first = false;
      String line = line(input);
      Matcher size = CHUNK_SIZE.matcher(line);
      if (!size.matches()) {
        throw FormatException.malformed("expected a chunk size, found " + Shown.text(line));
      }
      chunk = new Limited(input, Long.parseLong(size.group(1), 16));
      if (chunk.leftBytes == 0) {
        headers(input);
        ended = true;
      }
    }
  }
}
