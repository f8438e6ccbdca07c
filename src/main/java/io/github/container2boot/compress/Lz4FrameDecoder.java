package io.github.container2boot.compress;

import io.github.container2boot.bytes.FormatException;
import java.io.IOException;

/// LZ4 frames, by the LZ4 Frame Format Description 1.6.4, any number, skippable ones among them.
///
/// ```text
/// 0  4  magic             0x184D2204
/// 4  1  FLG               version 01 (bits 7-6), blocks are independent (5), have a checksum (4),
///                         content size is there (3), content has a checksum (2), dictionary (0)
/// 5  1  BD                largest block (bits 6-4): 4 = 64 KiB, 5 = 256 KiB, 6 = 1 MiB, 7 = 4 MiB
///    8  content size      if FLG says so
///    4  dictionary ID     if FLG says so
///    1  header checksum   the second byte of xxHash32 of what lies between magic and here
///       blocks, each:
///    4    size            highest bit: is stored as it is; 0: no more blocks
///         block
///    4    checksum        xxHash32 of the block, if FLG says so
///    4  content checksum  xxHash32, if FLG says so
/// ```
///
/// Blocks that are not independent look back 64 KiB.
final class Lz4FrameDecoder extends BlockwiseDecoder {
  private static final long MAGIC = 0x184D2204L;
  private static final long SKIPPABLE_MAGIC = 0x184D2A50L;
  private static final int HISTORY_BYTES = 1 << 16;
  private static final long STORED = 1L << 31;

  private final XxHash32 contentChecksum = new XxHash32();
  private byte[] compressed = new byte[0];
  private Descriptor descriptor = new Descriptor(0, 0, -1);
  private long contentBytes;
  private boolean inFrame;
  private boolean sawFrame;

  Lz4FrameDecoder(CompressedInput input) {
    super(input);
  }

  /// @param flags the FLG byte
  /// @param largestBlockBytes how large blocks are at most, decoded
  /// @param contentBytes how much content there is, or -1
  private record Descriptor(int flags, int largestBlockBytes, long contentBytes) {
    static final int INDEPENDENT = 1 << 5;
    static final int BLOCK_CHECKSUM = 1 << 4;
    static final int CONTENT_SIZE = 1 << 3;
    static final int CONTENT_CHECKSUM = 1 << 2;
    static final int RESERVED = 1 << 1;
    static final int DICTIONARY = 1;

    boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  @Override
  boolean nextBlock() throws IOException {
    if (!inFrame) {
      return beginFrame();
    }
    long offsetBytes = input.offsetBytes();
    long size = input.u32();
    if (size == 0) {
      endFrame();
    } else {
      decodeBlock(offsetBytes, size);
    }
    return true;
  }

  private boolean beginFrame() throws IOException {
    if (sawFrame && input.peek() <= 0) {
      input.requireOnlyPadding();
      return false;
    }
    sawFrame = true;
    long offsetBytes = input.offsetBytes();
    long magic = input.u32();
    if ((magic & ~0xfL) == SKIPPABLE_MAGIC) {
      input.skipFully(input.u32());
    } else if (magic == MAGIC) {
      descriptor = readDescriptor(offsetBytes + 4);
      contentChecksum.reset();
      contentBytes = 0;
      block.filled(0, 0);
      inFrame = true;
    } else {
      throw FormatException.malformed(offsetBytes, "expected a frame, found something else");
    }
    return true;
  }

  private Descriptor readDescriptor(long offsetBytes) throws IOException {
    byte[] header = new byte[10];
    input.readFully(header, 0, 2);
    int flags = header[0];
    requireSupported(flags, offsetBytes);
    int count = 2;
    Descriptor read = new Descriptor(flags, largestBlockBytes(header[1], offsetBytes), -1);
    if (read.has(Descriptor.CONTENT_SIZE)) {
      input.readFully(header, count, 8);
      count += 8;
      read = new Descriptor(flags, read.largestBlockBytes(), littleEndian(header, 2));
    }
    XxHash32 checksum = new XxHash32();
    checksum.update(header, 0, count);
    if (input.u8() != (checksum.value() >> 8 & 0xff)) {
      throw FormatException.malformed(input.offsetBytes() - 1, "header checksum is wrong");
    }
    return read;
  }

  private static void requireSupported(int flags, long offsetBytes) throws FormatException {
    if ((flags & 0xc0) != 0x40 || (flags & Descriptor.RESERVED) != 0) {
      throw FormatException.unsupported(offsetBytes, "unknown version or flags");
    }
    if ((flags & Descriptor.DICTIONARY) != 0) {
      throw FormatException.unsupported(offsetBytes, "needs a dictionary");
    }
  }

  private static int largestBlockBytes(byte blockDescriptor, long offsetBytes)
      throws FormatException {
    int code = blockDescriptor >> 4;
    if (code < 4 || (blockDescriptor & 0x0f) != 0) {
      throw FormatException.malformed(offsetBytes + 1, "unknown block size");
    }
    return 1 << (2 * code + 8);
  }

  private static long littleEndian(byte[] bytes, int offset) {
    long value = 0;
    for (int index = 7; index >= 0; index--) {
      value = value << 8 | Byte.toUnsignedLong(bytes[offset + index]);
    }
    return value;
  }

  private void decodeBlock(long offsetBytes, long size) throws IOException {
    int sizeBytes = blockSizeBytes(offsetBytes, size & ~STORED);
    compressed = input.readFullyGrowing(compressed, sizeBytes);
    if (descriptor.has(Descriptor.BLOCK_CHECKSUM)) {
      requireBlockChecksum(sizeBytes);
    }
    int history = descriptor.has(Descriptor.INDEPENDENT) ? 0 : block.keepHistory(HISTORY_BYTES);
    int decoded = decode(sizeBytes, (size & STORED) != 0, history);
    block.filled(history, history + decoded);
    contentBytes += decoded;
    if (descriptor.has(Descriptor.CONTENT_CHECKSUM)) {
      contentChecksum.update(block.room(0, 0), history, decoded);
    }
  }

  private int blockSizeBytes(long offsetBytes, long sizeBytes) throws FormatException {
    if (sizeBytes > descriptor.largestBlockBytes()) {
      throw FormatException.malformed(
          offsetBytes,
          "block is too large: expected at most %d bytes, found %d"
              .formatted(descriptor.largestBlockBytes(), sizeBytes));
    }
    return (int) sizeBytes;
  }

  private int decode(int sizeBytes, boolean stored, int history) throws FormatException {
    if (stored) {
      System.arraycopy(compressed, 0, block.room(history, sizeBytes), history, sizeBytes);
      return sizeBytes;
    }
    int most = descriptor.largestBlockBytes();
    return Lz4Block.decode(
        compressed, 0, sizeBytes, block.room(history, most), 0, history, history + most);
  }

  private void requireBlockChecksum(int sizeBytes) throws IOException {
    XxHash32 checksum = new XxHash32();
    checksum.update(compressed, 0, sizeBytes);
    requireChecksum(checksum, "block checksum is wrong");
  }

  private void endFrame() throws IOException {
    inFrame = false;
    if (descriptor.has(Descriptor.CONTENT_SIZE) && contentBytes != descriptor.contentBytes()) {
      throw FormatException.malformed(input.offsetBytes(), "content size is wrong");
    }
    if (descriptor.has(Descriptor.CONTENT_CHECKSUM)) {
      requireChecksum(contentChecksum, "content checksum is wrong");
    }
  }

  private void requireChecksum(XxHash32 expected, String problem) throws IOException {
    long offsetBytes = input.offsetBytes();
    if ((int) input.u32() != expected.value()) {
      throw FormatException.malformed(offsetBytes, problem);
    }
  }
}
