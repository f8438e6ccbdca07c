package io.github.container2boot.gpt;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.UUID;

/// A globally unique identifier as EFI lays it out: a UUID whose first three fields are
/// little-endian (UEFI Specification 2.10, appendix A).
///
/// | offset | size | field |
/// |-------:|-----:|-------|
/// | 0 | 4 | time, low |
/// | 4 | 2 | time, middle |
/// | 6 | 2 | time, high, and version |
/// | 8 | 8 | variant, clock sequence and node, in the order they are written |
public record Guid(UUID value) implements Comparable<Guid> {
  public static final int SIZE = 16;

  /// The type of an entry that is not used.
  public static final Guid ZERO = new Guid(new UUID(0, 0));

  private static final long VERSION_MASK = 0xf000L;
  private static final long VERSION_8 = 0x8000L;
  private static final long VARIANT_MASK = 0xc000_0000_0000_0000L;
  private static final long VARIANT_RFC = 0x8000_0000_0000_0000L;

  /// The identifier written in `text`, as in `C12A7328-F81F-11D2-BA4B-00A0C93EC93B`.
  public static Guid of(String text) {
    return new Guid(UUID.fromString(text));
  }

  /// An identifier that follows from content: the first 128 bits of `digest`, marked as what RFC
  /// 9562 (section 5.8) calls version 8, made in a way of one's own. The same content so gets the
  /// same identifier, and no other content does.
  ///
  /// @param digest of 16 bytes or more, such as a SHA-256
  public static Guid ofDigest(ByteString digest) {
    ByteBuffer bytes = digest.asByteBuffer();
    long high = (bytes.getLong() & ~VERSION_MASK) | VERSION_8;
    long low = (bytes.getLong() & ~VARIANT_MASK) | VARIANT_RFC;
    return new Guid(new UUID(high, low));
  }

  public void writeTo(ByteWriter target) {
    long high = value.getMostSignificantBits();
    target.u32(high >>> 32).u16((int) (high >>> 16 & 0xffff)).u16((int) (high & 0xffff));
    target.i64(Long.reverseBytes(value.getLeastSignificantBits()));
  }

  public static Guid readFrom(ByteReader source) throws FormatException {
    long high = source.u32() << 32 | (long) source.u16() << 16 | source.u16();
    return new Guid(new UUID(high, Long.reverseBytes(source.i64())));
  }

  /// By the order of what is written, which is not [UUID]'s.
  @Override
  public int compareTo(Guid other) {
    return toString().compareTo(other.toString());
  }

  /// The written form, in capitals as the UEFI specification has it.
  @Override
  public String toString() {
    return value.toString().toUpperCase(Locale.ROOT);
  }
}
