package io.github.container2boot.bytes;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Writes the fields of an on-disk structure, one after the other, into memory that grows as
/// needed.
///
/// Little-endian unless made by [#bigEndian]. A value that does not fit its field is an
/// [IllegalArgumentException]: whoever decides the layout must have refused it before.
public final class ByteWriter {
  private final ByteOrder order;
  private ByteBuffer buffer;

  private ByteWriter(ByteOrder order, int expectedBytes) {
    this.order = order;
    this.buffer = ByteBuffer.allocate(Math.max(expectedBytes, 16)).order(order);
  }

  public static ByteWriter littleEndian(int expectedBytes) {
    return new ByteWriter(ByteOrder.LITTLE_ENDIAN, expectedBytes);
  }

  public static ByteWriter bigEndian(int expectedBytes) {
    return new ByteWriter(ByteOrder.BIG_ENDIAN, expectedBytes);
  }

  /// How many bytes have been written.
  public int size() {
    return buffer.position();
  }

  public ByteWriter u8(int value) {
    require(value, 0xff, "8");
    room(1).put((byte) value);
    return this;
  }

  public ByteWriter u16(int value) {
    require(value, 0xffff, "16");
    room(2).putShort((short) value);
    return this;
  }

  public ByteWriter u32(long value) {
    require(value, 0xffff_ffffL, "32");
    room(4).putInt((int) value);
    return this;
  }

  public ByteWriter u64(long value) {
    require(value, Long.MAX_VALUE, "64");
    return i64(value);
  }

  public ByteWriter i16(int value) {
    if (value != (short) value) {
      throw new IllegalArgumentException(value + " does not fit a signed 16-bit field");
    }
    room(2).putShort((short) value);
    return this;
  }

  public ByteWriter i32(int value) {
    room(4).putInt(value);
    return this;
  }

  public ByteWriter i64(long value) {
    room(8).putLong(value);
    return this;
  }

  public ByteWriter bytes(byte[] bytes) {
    room(bytes.length).put(bytes);
    return this;
  }

  public ByteWriter bytes(ByteString bytes) {
    return bytes(bytes.asByteBuffer());
  }

  /// All remaining bytes of `bytes`, which is left where it was.
  public ByteWriter bytes(ByteBuffer bytes) {
    room(bytes.remaining()).put(bytes.duplicate());
    return this;
  }

  public ByteWriter zeros(int count) {
    room(count).put(new byte[count]);
    return this;
  }

  /// Zeros up to the next multiple of `alignment`.
  public ByteWriter padTo(int alignment) {
    return zeros(Math.floorMod(-size(), alignment));
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(buffer.array(), size());
  }

  /// A view of what has been written, valid until the next write.
  public ByteBuffer asByteBuffer() {
    return buffer.duplicate().flip().order(order);
  }

  public Content toContent() {
    return Content.of(toByteArray());
  }

  private ByteBuffer room(int count) {
    if (buffer.remaining() < count) {
      int capacity = Math.max(Math.addExact(size(), count), Math.multiplyExact(size(), 2));
      buffer = ByteBuffer.allocate(capacity).order(order).put(buffer.flip());
    }
    return buffer;
  }

  private static void require(long value, long most, String bits) {
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(
          value + " does not fit an unsigned " + bits + "-bit field");
    }
  }
}
