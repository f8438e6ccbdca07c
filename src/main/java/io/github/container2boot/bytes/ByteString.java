package io.github.container2boot.bytes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// An immutable sequence of bytes, ordered as unsigned bytes.
///
/// Names, link targets and attribute values come from file systems, where they are bytes. They are
/// kept as such from the archive to the disk; [#toString] is for people only.
public final class ByteString implements Comparable<ByteString> {
  private static final ByteString EMPTY = new ByteString(new byte[0]);
  private static final HexFormat HEX = HexFormat.of();

  private final byte[] bytes;

  private ByteString(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The empty sequence.
  public static ByteString empty() {
    return EMPTY;
  }

  /// A copy of `bytes`.
  public static ByteString of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new ByteString(bytes.clone());
  }

  /// A copy of `count` bytes from `offset`.
  public static ByteString of(byte[] bytes, int offset, int count) {
    return count == 0 ? EMPTY : new ByteString(Arrays.copyOfRange(bytes, offset, offset + count));
  }

  /// The UTF-8 form of `text`.
  public static ByteString utf8(String text) {
    return text.isEmpty() ? EMPTY : new ByteString(text.getBytes(UTF_8));
  }

  public int size() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  public byte at(int index) {
    return bytes[index];
  }

  /// The first index of `value` at or after `from`, or -1.
  public int indexOf(byte value, int from) {
    for (int index = from; index < bytes.length; index++) {
      if (bytes[index] == value) {
        return index;
      }
    }
    return -1;
  }

  public boolean startsWith(ByteString prefix) {
    return prefix.size() <= size()
        && Arrays.equals(bytes, 0, prefix.size(), prefix.bytes, 0, prefix.size());
  }

  /// The bytes from `begin` (inclusive) to `end` (exclusive).
  public ByteString substring(int begin, int end) {
    return of(bytes, begin, end - begin);
  }

  public ByteString substring(int begin) {
    return substring(begin, bytes.length);
  }

  /// These bytes and then those of `other`.
  public ByteString concat(ByteString other) {
    byte[] joined = Arrays.copyOf(bytes, bytes.length + other.bytes.length);
    System.arraycopy(other.bytes, 0, joined, bytes.length, other.bytes.length);
    return new ByteString(joined);
  }

  /// A fresh array with these bytes.
  public byte[] toByteArray() {
    return bytes.clone();
  }

  /// A read-only view of these bytes.
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  @Override
  public int compareTo(ByteString other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString string && Arrays.equals(bytes, string.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// These bytes for people: UTF-8 where it is, with control characters, backslashes and what is
  /// not UTF-8 as `\xNN`. A name printed so can never move a cursor or break a line.
  @Override
  public String toString() {
    if (isPlain()) {
      return new String(bytes, ISO_8859_1);
    }
    String text = decodedOrNull();
    StringBuilder shown = new StringBuilder(bytes.length);
    if (text == null) {
      for (byte value : bytes) {
        appendByte(shown, value);
      }
    } else {
      text.codePoints().forEach(point -> appendCodePoint(shown, point));
    }
    return shown.toString();
  }

  /// Whether this is text of which every byte is shown as it is, as in almost all names.
  private boolean isPlain() {
    for (byte value : bytes) {
      if (!isPlain(value)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlain(byte value) {
    return value >= 0x20 && value < 0x7f && value != '\\';
  }

  private @Nullable String decodedOrNull() {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notText) {
      return null;
    }
  }

  private static void appendCodePoint(StringBuilder shown, int point) {
    int type = Character.getType(point);
    boolean printable =
        point != '\\'
            && !Character.isISOControl(point)
            && type != Character.FORMAT
            && type != Character.LINE_SEPARATOR
            && type != Character.PARAGRAPH_SEPARATOR
            && type != Character.UNASSIGNED;
    if (printable) {
      shown.appendCodePoint(point);
    } else {
      for (byte value : Character.toString(point).getBytes(UTF_8)) {
        shown.append("\\x").append(HEX.toHexDigits(value));
      }
    }
  }

  private static void appendByte(StringBuilder shown, byte value) {
    if (isPlain(value)) {
      shown.append((char) value);
    } else {
      shown.append("\\x").append(HEX.toHexDigits(value));
    }
  }
}
