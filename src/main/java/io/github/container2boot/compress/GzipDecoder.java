package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// gzip, RFC 1952: members one after the other, each
///
/// ```text
///  0  2  ID1, ID2          1f 8b
///  2  1  CM                8 = deflate
///  3  1  FLG               FTEXT 1, FHCRC 2, FEXTRA 4, FNAME 8, FCOMMENT 16
///  4  4  MTIME
///  8  1  XFL
///  9  1  OS
///        extra field (2 bytes of length before it), name and comment (each ended by a zero),
///        CRC16 of the header: each where FLG says so
///        deflate stream
///     4  CRC32             of the content
///     4  ISIZE             of the content, modulo 2^32
/// ```
///
/// The JDK's own stream asks its source whether bytes are "available" to see if another member
/// follows, and so loses members of a slow source.
final class GzipDecoder implements Decoder {
  private static final int MAGIC = 0x8b1f;
  private static final int DEFLATE = 8;
  private static final int HEADER_CHECKSUM = 1 << 1;
  private static final int EXTRA_FIELD = 1 << 2;
  private static final int NAME = 1 << 3;
  private static final int COMMENT = 1 << 4;
  private static final int RESERVED = 0xe0;

  private final CompressedInput input;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private boolean inMember;
  private boolean sawMember;

  GzipDecoder(CompressedInput input) {
    this.input = input;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    while (inMember || beginMember()) {
      int decoded = inflate(target, offset, count);
      if (decoded > 0) {
        checksum.update(target, offset, decoded);
        return decoded;
      }
      if (inflater.finished()) {
        endMember();
      }
    }
    return -1;
  }

  /// False at the end of the input.
  private boolean beginMember() throws IOException {
    if (sawMember && input.peek() <= 0) {
      input.requireOnlyPadding();
      return false;
    }
    readHeader();
    inflater.reset();
    checksum.reset();
    sawMember = true;
    inMember = true;
    return true;
  }

  private void readHeader() throws IOException {
    long start = input.offsetBytes();
    if (input.u16() != MAGIC) {
      throw FormatException.malformed(start, "expected a gzip member, found something else");
    }
    if (input.u8() != DEFLATE) {
      throw FormatException.unsupported(start + 2, "compression method other than deflate");
    }
    int flags = input.u8();
    if ((flags & RESERVED) != 0) {
      throw FormatException.unsupported(start + 3, "reserved flags are set");
    }
    input.skipFully(6);
    skipOptionalFields(flags);
  }

  private void skipOptionalFields(int flags) throws IOException {
    if ((flags & EXTRA_FIELD) != 0) {
      input.skipFully(input.u16());
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CHECKSUM) != 0) {
      input.skipFully(2);
    }
  }

  private void skipText() throws IOException {
    while (input.u8() != 0) {
      // up to its end
    }
  }

  private int inflate(byte[] target, int offset, int count) throws IOException {
    ByteBuffer compressed = input.buffered();
    if (!compressed.hasRemaining()) {
      throw input.endsTooSoon();
    }
    try {
      inflater.setInput(compressed);
      return inflater.inflate(target, offset, count);
    } catch (DataFormatException failure) {
      throw FormatException.malformed(
          input.offsetBytes(), "corrupt: " + Failures.describe(failure));
    }
  }

  private void endMember() throws IOException {
    long start = input.offsetBytes();
    if (input.u32() != checksum.getValue()) {
      throw FormatException.malformed(start, "checksum is wrong");
    }
    if (input.u32() != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw FormatException.malformed(start + 4, "size is wrong");
    }
    inMember = false;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
