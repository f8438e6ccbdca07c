package io.github.container2boot.bytes;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads the fields of an on-disk structure, one after the other, and says where they end too soon.
///
/// Little-endian unless made by [#bigEndian]. Unsigned 32-bit values come as `long`; an unsigned
/// 64-bit value above [Long#MAX_VALUE] is malformed, as nothing can be that large.
public final class ByteReader {
  private final ByteBuffer source;
  private final long baseOffsetBytes;

  private ByteReader(ByteBuffer source, long baseOffsetBytes, ByteOrder order) {
    this.source = source.slice().order(order);
    this.baseOffsetBytes = baseOffsetBytes;
  }

  /// Reads the remaining bytes of `source` (which is not moved); offsets in errors count from
  /// `baseOffsetBytes`.
  public static ByteReader littleEndian(ByteBuffer source, long baseOffsetBytes) {
    return new ByteReader(source, baseOffsetBytes, ByteOrder.LITTLE_ENDIAN);
  }

  public static ByteReader littleEndian(byte[] source) {
    return littleEndian(ByteBuffer.wrap(source), 0);
  }

  public static ByteReader bigEndian(ByteBuffer source, long baseOffsetBytes) {
    return new ByteReader(source, baseOffsetBytes, ByteOrder.BIG_ENDIAN);
  }

  /// Where the next field lies in the input.
  public long offsetBytes() {
    return baseOffsetBytes + source.position();
  }

  public int remaining() {
    return source.remaining();
  }

  public int u8() throws FormatException {
    require(1);
    return Byte.toUnsignedInt(source.get());
  }

  public int u16() throws FormatException {
    require(2);
    return Short.toUnsignedInt(source.getShort());
  }

  public long u32() throws FormatException {
    require(4);
    return Integer.toUnsignedLong(source.getInt());
  }

  public int i32() throws FormatException {
    require(4);
    return source.getInt();
  }

  public int i16() throws FormatException {
    require(2);
    return source.getShort();
  }

  public long u64() throws FormatException {
    long value = i64();
    if (value < 0) {
      throw FormatException.malformed(
          offsetBytes() - 8,
          "number too large: expected less than 2^63, found " + Long.toUnsignedString(value));
    }
    return value;
  }

  public long i64() throws FormatException {
    require(8);
    return source.getLong();
  }

  public byte[] bytes(int count) throws FormatException {
    require(count);
    byte[] bytes = new byte[count];
    source.get(bytes);
    return bytes;
  }

  public ByteString byteString(int count) throws FormatException {
    return ByteString.of(bytes(count));
  }

  /// The next `count` bytes as a view of the source.
  public ByteBuffer slice(int count) throws FormatException {
    require(count);
    ByteBuffer slice = source.slice(source.position(), count).order(source.order());
    source.position(source.position() + count);
    return slice;
  }

  public void skip(int count) throws FormatException {
    require(count);
    source.position(source.position() + count);
  }

  private void require(int count) throws FormatException {
    if (count < 0 || source.remaining() < count) {
      throw FormatException.malformed(
          offsetBytes(),
          "ends too soon: expected %d more bytes, found %d".formatted(count, source.remaining()));
    }
  }
}
