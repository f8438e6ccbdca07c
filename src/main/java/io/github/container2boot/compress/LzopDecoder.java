package io.github.container2boot.compress;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Checksum;

/// The files of lzop(1), as it and the kernel (lib/decompress_unlzo.c) have them: big-endian, any
/// number one after the other, each
///
/// ```text
///  0  9  magic               89 4c 5a 4f 00 0d 0a 1a 0a
///  9  2  version             of the lzop that made it; this layout is 0x0940 and later
/// 11  2  library version
/// 13  2  version needed      to extract
/// 15  1  method              1 LZO1X-1, 2 LZO1X-1(15), 3 LZO1X-999: all read alike
/// 16  1  level
/// 17  4  flags               see below
/// 21  4  mode
/// 25  8  mtime               low word first
/// 33  1  name length
/// 34     name
///     4  header checksum     of all after the magic: CRC32 or Adler-32
///        extra field, if flags say so: 4 bytes of length, bytes, checksum
///        blocks, each:
///     4  content size        0: no more blocks
///     4  compressed size     equal to the content size: stored as it is
///     4  Adler-32 and/or CRC32 of the content, as flags say
///     4  Adler-32 and/or CRC32 of the compressed bytes, as flags say, unless stored
///        the compressed bytes
/// ```
final class LzopDecoder extends BlockwiseDecoder {
  private static final byte[] MAGIC = {(byte) 0x89, 'L', 'Z', 'O', 0, '\r', '\n', 0x1a, '\n'};
  private static final int OLDEST_VERSION = 0x0940;
  private static final int FIXED_BYTES = 25;

  /// lzop makes 256 KiB, and the kernel takes no more.
  private static final int LARGEST_BLOCK_BYTES = 8 << 20;

  private byte[] compressed = new byte[0];
  private Flags flags = new Flags(0);
  private boolean inFile;
  private boolean sawFile;

  LzopDecoder(CompressedInput input) {
    super(input);
  }

  private record Flags(long bits) {
    boolean contentAdler32() {
      return has(0x1);
    }

    boolean compressedAdler32() {
      return has(0x2);
    }

    boolean extraField() {
      return has(0x40);
    }

    boolean contentCrc32() {
      return has(0x100);
    }

    boolean compressedCrc32() {
      return has(0x200);
    }

    boolean multipart() {
      return has(0x400);
    }

    boolean filter() {
      return has(0x800);
    }

    boolean headerCrc32() {
      return has(0x1000);
    }

    private boolean has(int bit) {
      return (bits & bit) != 0;
    }
  }

  @Override
  boolean nextBlock() throws IOException {
    if (!inFile) {
      return beginFile();
    }
    long offsetBytes = input.offsetBytes();
    long contentBytes = input.u32BigEndian();
    if (contentBytes == 0) {
      inFile = false;
    } else {
      readBlock(offsetBytes, contentBytes, input.u32BigEndian());
    }
    return true;
  }

  private boolean beginFile() throws IOException {
    if (sawFile && input.peek() <= 0) {
      input.requireOnlyPadding();
      return false;
    }
    long offsetBytes = input.offsetBytes();
    byte[] magic = new byte[MAGIC.length];
    input.readFully(magic, 0, magic.length);
    if (!Arrays.equals(magic, MAGIC)) {
      throw FormatException.malformed(offsetBytes, "expected an lzop file, found something else");
    }
    flags = readHeader(input.offsetBytes());
    sawFile = true;
    inFile = true;
    return true;
  }

  private Flags readHeader(long offsetBytes) throws IOException {
    byte[] header = new byte[FIXED_BYTES + 255];
    input.readFully(header, 0, FIXED_BYTES);
    int nameBytes = Byte.toUnsignedInt(header[FIXED_BYTES - 1]);
    input.readFully(header, FIXED_BYTES, nameBytes);
    Flags read = readFields(header, offsetBytes);
    Checksum checksum = read.headerCrc32() ? new CRC32() : new Adler32();
    checksum.update(header, 0, FIXED_BYTES + nameBytes);
    requireChecksum(checksum, "header");
    if (read.extraField()) {
      input.skipFully(input.u32BigEndian() + 4);
    }
    return read;
  }

  private static Flags readFields(byte[] header, long offsetBytes) throws FormatException {
    ByteReader reader = ByteReader.bigEndian(ByteBuffer.wrap(header), offsetBytes);
    if (reader.u16() < OLDEST_VERSION) {
      throw FormatException.unsupported(offsetBytes, "file of an lzop older than 0.940");
    }
    reader.skip(4);
    int method = reader.u8();
    if (method < 1 || method > 3) {
      throw FormatException.unsupported(offsetBytes + 6, "unknown method " + method);
    }
    reader.skip(1);
    Flags read = new Flags(reader.u32());
    if (read.filter() || read.multipart()) {
      throw FormatException.unsupported(offsetBytes + 8, "filters and parts are not known");
    }
    return read;
  }

  private void readBlock(long offsetBytes, long contentBytes, long compressedBytes)
      throws IOException {
    if (contentBytes > LARGEST_BLOCK_BYTES) {
      throw FormatException.unsupported(
          offsetBytes,
          "block is too large: expected at most %d bytes, found %d"
              .formatted(LARGEST_BLOCK_BYTES, contentBytes));
    }
    if (compressedBytes > contentBytes) {
      throw FormatException.malformed(offsetBytes, "block is larger than its content");
    }
    int content = (int) contentBytes;
    int size = (int) compressedBytes;
    Sums ofContent = Sums.read(input, flags.contentAdler32(), flags.contentCrc32());
    boolean stored = size == content;
    Sums ofCompressed =
        stored ? Sums.NONE : Sums.read(input, flags.compressedAdler32(), flags.compressedCrc32());
    compressed = input.readFullyGrowing(compressed, size);
    ofCompressed.require(compressed, size, offsetBytes);
    decode(content, size, stored, offsetBytes);
    ofContent.require(block.room(0, 0), content, offsetBytes);
  }

  private void decode(int content, int size, boolean stored, long offsetBytes)
      throws FormatException {
    byte[] room = block.room(0, content);
    if (stored) {
      System.arraycopy(compressed, 0, room, 0, size);
    } else if (Lzo1xBlock.decode(compressed, 0, size, room, 0, content) < content) {
      throw FormatException.malformed(offsetBytes, "block holds less than its size says");
    }
    block.filled(0, content);
  }

  private void requireChecksum(Checksum expected, String what) throws IOException {
    long offsetBytes = input.offsetBytes();
    if (input.u32BigEndian() != expected.getValue()) {
      throw FormatException.malformed(offsetBytes, what + " checksum is wrong");
    }
  }

  /// @param adler32 or -1
  /// @param crc32 or -1
  private record Sums(long adler32, long crc32) {
    static final Sums NONE = new Sums(-1, -1);

    static Sums read(CompressedInput input, boolean adler32, boolean crc32) throws IOException {
      long first = adler32 ? input.u32BigEndian() : -1;
      return new Sums(first, crc32 ? input.u32BigEndian() : -1);
    }

    void require(byte[] bytes, int count, long offsetBytes) throws FormatException {
      require(adler32, new Adler32(), bytes, count, offsetBytes);
      require(crc32, new CRC32(), bytes, count, offsetBytes);
    }

    private static void require(
        long expected, Checksum checksum, byte[] bytes, int count, long offsetBytes)
        throws FormatException {
      if (expected >= 0) {
        checksum.update(bytes, 0, count);
        if (checksum.getValue() != expected) {
          throw FormatException.malformed(offsetBytes, "block checksum is wrong");
        }
      }
    }
  }
}
