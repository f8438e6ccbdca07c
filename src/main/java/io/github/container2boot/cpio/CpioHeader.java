package io.github.container2boot.cpio;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// What stands before the name of each entry; everything is text, numbers are eight hexadecimal
/// digits. (buffer-format.rst, "cpio header")
///
/// ```text
///   0  6  c_magic       070701, or 070702 with a checksum
///   6  8  c_ino         file inode number
///  14  8  c_mode        file mode and permissions
///  22  8  c_uid         file uid
///  30  8  c_gid         file gid
///  38  8  c_nlink       number of links
///  46  8  c_mtime       modification time, seconds
///  54  8  c_filesize    size of data field
///  62  8  c_maj         major part of file device number
///  70  8  c_min         minor part of file device number
///  78  8  c_rmaj        major part of device node reference
///  86  8  c_rmin        minor part of device node reference
///  94  8  c_namesize    length of filename, including final NUL
/// 102  8  c_chksum      sum of the bytes of the data if c_magic is 070702; otherwise zero
/// ```
///
/// Name and data follow, each filled up with zeros to a multiple of 4 from the archive's start.
record CpioHeader(
    boolean hasChecksum,
    long inode,
    long mode,
    long userId,
    long groupId,
    long links,
    long modifiedSeconds,
    long sizeBytes,
    long deviceMajor,
    long deviceMinor,
    long referencedMajor,
    long referencedMinor,
    long nameSizeBytes,
    long checksum) {
  static final int SIZE = 110;
  static final int MAGIC_SIZE = 6;

  private static final String NEWC = "070701";
  private static final String CRC = "070702";

  /// Whether `magic` begins an entry this package knows.
  static boolean isMagic(byte[] magic) {
    String text = new String(magic, US_ASCII);
    return text.equals(NEWC) || text.equals(CRC);
  }

  static CpioHeader readFrom(ByteReader reader) throws FormatException {
    boolean hasChecksum = readMagic(reader);
    return new CpioHeader(
        hasChecksum,
        number(reader),
        number(reader),
        number(reader),
        number(reader),
        number(reader),
        number(reader),
        number(reader),
        number(reader),
        number(reader),
        number(reader),
        number(reader),
        number(reader),
        number(reader));
  }

  private static boolean readMagic(ByteReader reader) throws FormatException {
    long offsetBytes = reader.offsetBytes();
    byte[] magic = reader.bytes(MAGIC_SIZE);
    String text = new String(magic, US_ASCII);
    if (text.equals("070707")) {
      throw FormatException.unsupported(
          offsetBytes, "cpio archive in the old format 070707: expected newc or crc");
    }
    if (!isMagic(magic)) {
      throw FormatException.malformed(
          offsetBytes, "expected a cpio entry (070701 or 070702), found something else");
    }
    return text.equals(CRC);
  }

  private static long number(ByteReader reader) throws FormatException {
    long offsetBytes = reader.offsetBytes();
    long value = 0;
    for (int digit = 0; digit < 8; digit++) {
      int digitValue = Character.digit(reader.u8(), 16);
      if (digitValue < 0) {
        throw FormatException.malformed(
            offsetBytes, "expected eight hexadecimal digits, found something else");
      }
      value = value << 4 | digitValue;
    }
    return value;
  }

  void writeTo(ByteWriter writer) {
    writer.bytes((hasChecksum ? CRC : NEWC).getBytes(US_ASCII));
    long[] numbers = {
      inode,
      mode,
      userId,
      groupId,
      links,
      modifiedSeconds,
      sizeBytes,
      deviceMajor,
      deviceMinor,
      referencedMajor,
      referencedMinor,
      nameSizeBytes,
      checksum
    };
    for (long number : numbers) {
      if (number < 0 || number > 0xffff_ffffL) {
        throw new IllegalArgumentException(number + " does not fit eight hexadecimal digits");
      }
      writer.bytes("%08x".formatted(number).getBytes(US_ASCII));
    }
  }
}
