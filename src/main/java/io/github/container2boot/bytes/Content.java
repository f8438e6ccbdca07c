package io.github.container2boot.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Objects;

/// Repeatable bytes of known size with random access.
///
/// A Content is a description: of an array, of a region of an open file, of a slice or a
/// concatenation of others, of a hole. It owns nothing; whoever opened a file closes it, after its
/// last Content was read. Contents may be read by several threads at once.
public interface Content {
  /// How many bytes there are.
  long sizeBytes();

  /// Fills the whole of `target` from `offsetBytes`.
  ///
  /// @throws IndexOutOfBoundsException if the range does not lie inside this Content
  /// @throws IOException if the bytes cannot be had, a [FormatException] if they are not what they
  ///   should be
  void read(long offsetBytes, ByteBuffer target) throws IOException;

  /// Hands the range from `offsetBytes` to `sink`, in order, in the form in which it lies here:
  /// what is a hole arrives as a hole and what lies in a file as a region of that file, so that the
  /// sink can leave out the one and let the kernel copy the other.
  void transferTo(long offsetBytes, long countBytes, Sink sink) throws IOException;

  default void transferTo(Sink sink) throws IOException {
    transferTo(0, sizeBytes(), sink);
  }

  /// All bytes, as an array. Only for what is known to be small.
  default byte[] toByteArray() throws IOException {
    byte[] bytes = new byte[Math.toIntExact(sizeBytes())];
    read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /// A stream over all bytes.
  default InputStream asInputStream() {
    return new ContentInputStream(this);
  }

  /// The range from `offsetBytes`, as a Content of its own.
  default Content slice(long offsetBytes, long countBytes) {
    Objects.checkFromIndexSize(offsetBytes, countBytes, sizeBytes());
    return countBytes == sizeBytes() ? this : new Contents.Slice(this, offsetBytes, countBytes);
  }

  /// Where the bytes of a Content go.
  interface Sink {
    /// Takes all remaining bytes of `bytes`; the buffer may be used again once this returns.
    void data(ByteBuffer bytes) throws IOException;

    /// Takes `countBytes` zeros.
    void hole(long countBytes) throws IOException;

    /// Takes a region of an open file. The default reads it in pieces and hands them to [#data].
    default void region(FileChannel file, long offsetBytes, long countBytes) throws IOException {
      Contents.readInPieces(file, offsetBytes, countBytes, this);
    }
  }

  /// No bytes.
  static Content empty() {
    return Contents.EMPTY;
  }

  /// The given array, which must not change any more.
  static Content of(byte[] bytes) {
    return new Contents.Memory(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
  }

  /// The remaining bytes of `bytes`, which must not change any more.
  static Content of(ByteBuffer bytes) {
    return new Contents.Memory(bytes.slice().asReadOnlyBuffer());
  }

  /// A region of an open file.
  static Content ofFile(FileChannel file, long offsetBytes, long countBytes) {
    return new Contents.FileRegion(file, offsetBytes, countBytes);
  }

  /// Zeros that take no space.
  static Content hole(long countBytes) {
    return countBytes == 0 ? empty() : new Contents.Hole(countBytes);
  }

  /// One after the other.
  static Content concatenation(List<Content> parts) {
    return Contents.Concatenation.of(parts);
  }
}
