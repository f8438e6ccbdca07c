package io.github.container2boot.serve.http;

/// A part of a representation (RFC 9110, section 14.1.2).
///
/// @param first the offset of its first byte
/// @param last the offset of its last byte
record ByteRange(long first, long last) {
  ByteRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException(first + "-" + last);
    }
  }

  long sizeBytes() {
    return last - first + 1;
  }

  /// `bytes 0-499/1234`, the value of Content-Range.
  String contentRange(long wholeBytes) {
    return "bytes %d-%d/%d".formatted(first, last, wholeBytes);
  }
}
