package io.github.container2boot.squashfs;

import io.github.container2boot.bytes.ByteReader;
import io.github.container2boot.bytes.ByteString;
import io.github.container2boot.bytes.FormatException;
import io.github.container2boot.compress.BlockDecompressor;
import io.github.container2boot.tree.ExtendedAttributes;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The extended attributes of an image that is not trusted.
///
/// Sets and out-of-line values can overlap, so that few bytes say much. No honest image does that:
/// whoever asks for more than the table holds twice over is refused.
final class XattrTable {
  private final List<XattrSet> sets;
  private final MetadataTable keys;
  private final long startBytes;
  private final Map<Long, ExtendedAttributes> known = new HashMap<>();
  private final Map<Long, ByteString> knownValues = new HashMap<>();
  private long bytesLeft;

  private XattrTable(List<XattrSet> sets, MetadataTable keys, long startBytes) {
    this.sets = sets;
    this.keys = keys;
    this.startBytes = startBytes;
    this.bytesLeft = 2L * keys.sizeBytes();
  }

  static XattrTable read(ImageBytes image, long offsetBytes, BlockDecompressor decompressor)
      throws IOException {
    XattrTableHeader header =
        XattrTableHeader.readFrom(image.read("xattr table", offsetBytes, XattrTableHeader.SIZE));
    LookupTable.Read<XattrSet> sets =
        LookupTable.read(
            "xattr id table",
            image,
            offsetBytes + XattrTableHeader.SIZE,
            header.sets(),
            XattrSet.SIZE,
            decompressor,
            XattrSet::readFrom);
    long end = Math.min(sets.startBytes(), offsetBytes);
    MetadataTable keys =
        MetadataTable.read("xattr table", image, header.keysOffsetBytes(), end, decompressor);
    return new XattrTable(sets.records(), keys, header.keysOffsetBytes());
  }

  /// Where the table begins in the image.
  long startBytes() {
    return startBytes;
  }

  ExtendedAttributes get(long index) throws FormatException {
    if (index >= sets.size()) {
      throw FormatException.malformed(
          "SquashFS xattr set %d: expected less than %d".formatted(index, sets.size()));
    }
    ExtendedAttributes cached = known.get(index);
    if (cached != null) {
      return cached;
    }
    ExtendedAttributes read = read(sets.get((int) index));
    known.put(index, read);
    return read;
  }

  private ExtendedAttributes read(XattrSet set) throws FormatException {
    ByteReader reader = keys.at(set.first());
    long start = reader.offsetBytes();
    NavigableMap<ByteString, ByteString> xattrs = new TreeMap<>();
    for (long left = set.count(); left > 0; left--) {
      XattrKey key = XattrKey.readFrom(reader);
      xattrs.put(key.fullName(), key.outOfLine() ? valueElsewhere(reader) : value(reader));
      require(reader.offsetBytes() - start);
    }
    bytesLeft -= reader.offsetBytes() - start;
    return ExtendedAttributes.of(xattrs);
  }

  private ByteString valueElsewhere(ByteReader reader) throws FormatException {
    long size = reader.u32();
    if (size != XattrKey.REFERENCE_BYTES) {
      throw FormatException.malformed(
          "SquashFS reference to an xattr's value of %d bytes: expected %d"
              .formatted(size, XattrKey.REFERENCE_BYTES));
    }
    long reference = reader.u64();
    ByteString cached = knownValues.get(reference);
    if (cached != null) {
      return cached;
    }
    ByteString value = value(keys.at(MetadataReference.unpack(reference)));
    require(value.size());
    bytesLeft -= value.size();
    knownValues.put(reference, value);
    return value;
  }

  private static ByteString value(ByteReader reader) throws FormatException {
    long size = reader.u32();
    if (size > XattrKey.LARGEST_VALUE_BYTES) {
      throw FormatException.malformed(
          "SquashFS xattr of %d bytes: expected at most %d"
              .formatted(size, XattrKey.LARGEST_VALUE_BYTES));
    }
    return reader.byteString((int) size);
  }

  private void require(long bytes) throws FormatException {
    if (bytes > bytesLeft) {
      throw FormatException.malformed(
          "SquashFS xattr sets overlap: they say more than the table's %d bytes"
              .formatted(keys.sizeBytes()));
    }
  }
}
