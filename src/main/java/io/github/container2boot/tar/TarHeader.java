package io.github.container2boot.tar;

import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import java.util.Arrays;

/// A header block, as a view of the reader's buffer: it is good until the reader moves on.
///
/// | offset | bytes | field | |
/// |---|---|---|---|
/// | 0 | 100 | name | ends at a NUL or at its full length |
/// | 100 | 8 | mode | |
/// | 108 | 8 | uid | |
/// | 116 | 8 | gid | |
/// | 124 | 12 | size | of the data as stored |
/// | 136 | 12 | mtime | seconds since 1970 |
/// | 148 | 8 | chksum | sum of all bytes, with spaces here |
/// | 156 | 1 | typeflag | |
/// | 157 | 100 | linkname | |
/// | 257 | 8 | magic, version | `ustar` NUL `00`; GNU: `ustar` and two spaces, NUL |
/// | 265 | 64 | uname, gname | |
/// | 329 | 8 | devmajor | |
/// | 337 | 8 | devminor | |
/// | 345 | 155 | prefix | not in GNU's; 131 bytes in star's, which has `tar` NUL at 508 |
/// | 386 | 96 | sparse | GNU, type `S`: four segments, see [SparseMap] |
/// | 482 | 1 | isextended | GNU: more segments follow |
/// | 483 | 12 | realsize | GNU: the file with its holes |
///
/// Numbers are octal digits, or big-endian two's complement with the first bit set (GNU). Every
/// number is read only when it is asked for: one that an extended header replaces may be rubbish.
final class TarHeader {
  static final int SIZE = 512;

  private static final byte[] MAGIC = {'u', 's', 't', 'a', 'r'};
  private static final byte[] STAR_TRAILER = {'t', 'a', 'r', 0};
  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_BYTES = 8;

  private final byte[] buffer;
  private final int start;
  private final long offsetBytes;

  private enum Dialect {
    SEVENTH_EDITION,
    USTAR,
    STAR,
    GNU
  }

  /// The block at `start` in `buffer`, which lies at `offsetBytes` in the archive.
  TarHeader(byte[] buffer, int start, long offsetBytes) {
    this.buffer = buffer;
    this.start = start;
    this.offsetBytes = offsetBytes;
  }

  long offsetBytes() {
    return offsetBytes;
  }

  byte at(int index) {
    return buffer[start + index];
  }

  /// Whether the block is nothing but zeros.
  static boolean isZero(byte[] buffer, int start) {
    for (int index = start; index < start + SIZE; index++) {
      if (buffer[index] != 0) {
        return false;
      }
    }
    return true;
  }

  /// Whether the block is a header, by its checksum.
  boolean isValid() {
    try {
      requireChecksum();
      return !isZero(buffer, start);
    } catch (FormatException _) {
      return false;
    }
  }

  /// Historic writers summed signed bytes, so both sums count.
  void requireChecksum() throws FormatException {
    int unsigned = CHECKSUM_BYTES * ' ';
    int negatives = 0;
    for (int index = 0; index < SIZE; index++) {
      if (index == CHECKSUM) {
        index += CHECKSUM_BYTES;
      }
      byte value = buffer[start + index];
      unsigned += Byte.toUnsignedInt(value);
      negatives += value >>> 31;
    }
    long stored = number(CHECKSUM, CHECKSUM_BYTES, "checksum");
    if (stored != unsigned && stored != unsigned - 256 * negatives) {
      throw FormatException.malformed(
          offsetBytes,
          "no tar header: its checksum is %d, expected %d".formatted(stored, unsigned));
    }
  }

  /// The name, the prefix in front of it.
  ByteString path() {
    ByteString name = text(0, 100);
    int prefixBytes =
        switch (dialect()) {
          case USTAR -> 155;
          case STAR -> 131;
          case SEVENTH_EDITION, GNU -> 0;
        };
    ByteString prefix = text(345, prefixBytes);
    return prefix.isEmpty() ? name : joined(prefix, name);
  }

  int permissions() throws FormatException {
    return (int) number(100, 8, "mode") & 0_7777;
  }

  long userId() throws FormatException {
    return number(108, 8, "uid");
  }

  long groupId() throws FormatException {
    return number(116, 8, "gid");
  }

  long sizeBytes() throws FormatException {
    return notNegative(number(124, 12, "size"), "size");
  }

  long modifiedSeconds() throws FormatException {
    return number(136, 12, "mtime");
  }

  char typeFlag() {
    return (char) Byte.toUnsignedInt(buffer[start + 156]);
  }

  ByteString linkName() {
    return text(157, 100);
  }

  long deviceMajor() throws FormatException {
    return dialect() == Dialect.SEVENTH_EDITION ? 0 : number(329, 8, "devmajor");
  }

  long deviceMinor() throws FormatException {
    return dialect() == Dialect.SEVENTH_EDITION ? 0 : number(337, 8, "devminor");
  }

  long realSizeBytes() throws FormatException {
    return notNegative(number(483, 12, "realsize"), "realsize");
  }

  private Dialect dialect() {
    if (!has(MAGIC, 257)) {
      return Dialect.SEVENTH_EDITION;
    }
    if (buffer[start + 262] == ' ') {
      return Dialect.GNU;
    }
    return has(STAR_TRAILER, 508) ? Dialect.STAR : Dialect.USTAR;
  }

  private boolean has(byte[] expected, int at) {
    int from = start + at;
    return Arrays.equals(buffer, from, from + expected.length, expected, 0, expected.length);
  }

  private ByteString text(int at, int count) {
    int from = start + at;
    int length = 0;
    while (length < count && buffer[from + length] != 0) {
      length++;
    }
    return ByteString.of(buffer, from, length);
  }

  private static ByteString joined(ByteString prefix, ByteString name) {
    byte[] path = new byte[prefix.size() + 1 + name.size()];
    prefix.asByteBuffer().get(path, 0, prefix.size());
    path[prefix.size()] = '/';
    name.asByteBuffer().get(path, prefix.size() + 1, name.size());
    return ByteString.of(path);
  }

  /// The number in the `count` bytes at `at`; a field without digits is 0.
  long number(int at, int count, String field) throws FormatException {
    return (buffer[start + at] & 0x80) != 0 ? base256(at, count, field) : octal(at, count, field);
  }

  private long octal(int at, int count, String field) throws FormatException {
    int index = start + at;
    int limit = index + count;
    while (index < limit && isPadding(buffer[index])) {
      index++;
    }
    long value = 0;
    for (; index < limit && !isPadding(buffer[index]); index++) {
      int digit = buffer[index] - '0';
      if (digit < 0 || digit > 7) {
        throw malformed(at, count, field);
      }
      value = value << 3 | digit;
    }
    return value;
  }

  private static boolean isPadding(byte value) {
    return value == ' ' || value == 0;
  }

  /// The first bit says that this is binary; the second is the sign, which counts like all bits
  /// that do not fit a `long`: they must all be equal.
  private long base256(int at, int count, String field) throws FormatException {
    int from = start + at;
    long first = buffer[from];
    long value = (first & 0x3f) - (first & 0x40);
    for (int index = 1; index < count; index++) {
      if (value << 8 >> 8 != value) {
        throw malformed(at, count, field);
      }
      value = value << 8 | Byte.toUnsignedInt(buffer[from + index]);
    }
    return value;
  }

  private long notNegative(long value, String field) throws FormatException {
    if (value < 0) {
      throw FormatException.malformed(
          offsetBytes, "tar header field %s is negative: %d".formatted(field, value));
    }
    return value;
  }

  private FormatException malformed(int at, int count, String field) {
    return FormatException.malformed(
        offsetBytes + at,
        "tar header field %s: expected a number, found \"%s\""
            .formatted(field, ByteString.of(buffer, start + at, count)));
  }
}
