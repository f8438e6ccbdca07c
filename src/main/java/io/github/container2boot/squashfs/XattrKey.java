package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.ByteWriter;
import io.github.container2boot.bytes.FormatException;

/// The name of an extended attribute, `struct squashfs_xattr_entry`. Its value follows: 32 bits of
/// size, and that many bytes. The value of an out-of-line one is the 64-bit [MetadataReference] of
/// another such value.
///
/// | offset | size | field                                                             |
/// |-------:|-----:|-------------------------------------------------------------------|
/// |      0 |    2 | low byte: prefix, see [XattrPrefix]; 0x100: value is out of line  |
/// |      2 |    2 | size of the name                                                  |
/// |      4 |      | the name without its prefix                                       |
record XattrKey(XattrPrefix prefix, boolean outOfLine, ByteString name) {
  /// The kernel's own limit for a whole name (XATTR_NAME_MAX).
  static final int LARGEST_NAME_BYTES = 255;

  /// The kernel's own limit for a value (XATTR_SIZE_MAX).
  static final int LARGEST_VALUE_BYTES = 1 << 16;

  static final int REFERENCE_BYTES = 8;

  private static final int OUT_OF_LINE = 0x100;
  private static final int PREFIX = 0xff;

  void writeTo(ByteWriter writer) {
    writer.u16(prefix.number() | (outOfLine ? OUT_OF_LINE : 0)).u16(name.size()).bytes(name);
  }

  static XattrKey readFrom(ByteReader reader) throws FormatException {
    long offset = reader.offsetBytes();
    int type = reader.u16();
    XattrPrefix prefix =
        XattrPrefix.ofNumber(type & PREFIX)
            .orElseThrow(() ->
                FormatException.unsupported(
                    offset,
                    "SquashFS xattr prefix %d: expected 0 (user), 1 (trusted) or 2 (security)"
                        .formatted(type & PREFIX)));
    return new XattrKey(prefix, (type & OUT_OF_LINE) != 0, reader.byteString(reader.u16()));
  }

  ByteString fullName() {
    return ByteString.of(
        ByteWriter.littleEndian(LARGEST_NAME_BYTES).bytes(prefix.text()).bytes(name).toByteArray());
  }
}
